"""Compose needs a newer buildx than the one that is installed: found before boot."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.knowledge.engine.features import version_of
from bootready.model.lookup import place_in

_NEEDED = (0, 17, 0)
_BUILDS_WITH_IT = (2, 40, 0)
"""From this version on, Compose builds with buildx wherever it finds it."""


@check(
    summary="Compose needs a newer buildx than the one that is installed",
    severity=Severity.ERROR,
    needs=(Needs.FILES, Needs.ENGINE),
    looks_at=("service.build",),
    since="0.2.0",
    reference="https://github.com/docker/compose/blob/v2.40.3/pkg/compose/build_bake.go",
    proof="the machines that run the proofs have another buildx",
)
def builder_too_old(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Asks the docker client for the version of its plugin buildx, if a service has `build` and its
    image is not on this machine.

    ## Why it stops boot
    Compose 2.40 and later builds with buildx where it is installed, and refuses one that is older
    than 0.17.0, as some distributions have it. Without any buildx, Compose falls back to the
    engine's own builder.

    ## What you see
    ```
    compose build requires buildx 0.17.0 or later
    ```

    ## Remedy
    Install a newer one (`docker-buildx-plugin` of Docker's own packages). `DOCKER_BUILDKIT=0` makes
    Compose use the builder of the engine.

    ## When to silence it
    If the images are built elsewhere before the start.
    """
    compose = version_of(context.engine.compose_version())
    switched_off = context.project.variables.get("DOCKER_BUILDKIT")
    if compose < _BUILDS_WITH_IT or (switched_off is not None and switched_off.value == "0"):
        return
    engine = context.engine
    building = [
        service
        for service in context.project.services
        if service.build and engine.image(service.image or "") is None
    ]
    if not building or not context.host.has_docker_plugin("buildx"):
        return
    installed = engine.buildx_version()
    if installed and version_of(installed) < _NEEDED:
        yield report(
            place_in(building[0], "build"),
            f"service '{building[0].name}': buildx {installed} is too old for Compose"
            f" {engine.compose_version()}, which needs 0.17.0 to build",
            related=[place_in(one, "build") for one in building[1:]],
            hint="install docker-buildx-plugin 0.17.0 or later; or DOCKER_BUILDKIT=0",
        )._replace(places=len(building))
