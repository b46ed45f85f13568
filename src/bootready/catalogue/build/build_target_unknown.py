"""A build names a stage that its Dockerfile does not have: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_in, shown, text_at
from bootready.model.near import listed


@check(
    summary="a build names a stage that its Dockerfile does not have",
    severity=Severity.ERROR,
    needs=Needs.FILES,
    uses=Needs.ENGINE,
    looks_at=("service.build",),
    mentions=("target",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/build/#target",
)
def build_target_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for the `target` of every build among the stages of its Dockerfile: the names in
    `FROM ... AS NAME`, and the numbers of the stages.

    ## Why it stops boot
    The image cannot be built: "target stage could not be found". `docker compose config` accepts
    the project, as Compose does not read the Dockerfile.

    ## Remedy
    Use a stage that exists (the hint lists them), or add `AS NAME` to the intended stage.

    ## When to silence it
    If the Dockerfile is generated after the check and will contain the stage.
    """
    for service in context.project.services:
        build, target = service.build, text_at(service.node, "build", "target")
        if build is None or build.inline or not target or "://" in build.context:
            continue
        if service.image and context.engine.reachable and context.engine.image(service.image):
            continue  # Compose builds only what is not there
        name = build.dockerfile or "Dockerfile"
        path = name if name.startswith("/") else f"{build.context}/{name}"
        text = context.host.read_text(path)
        stages = _stages(text) if text else []
        if not stages or target.lower() in stages or target in map(str, range(len(stages))):
            continue
        known = listed([stage for stage in stages if stage]) or "no named stages"
        yield report(
            place_in(service, "build", "target"),
            f"service '{service.name}': '{shown(path, context.project.directory)}' has no stage"
            f" '{target}'",
            hint=f"it has {known}",
        )


def _stages(text: str) -> list[str]:
    """Return the names of the stages in lower case, '' for one without; Dockerfiles ignore case."""
    stages = []
    for line in text.replace("\\\n", " ").splitlines():
        words = line.split()
        if words and words[0].upper() == "FROM":
            named = len(words) > 3 and words[-2].upper() == "AS"
            stages.append(words[-1].lower() if named else "")
    return stages
