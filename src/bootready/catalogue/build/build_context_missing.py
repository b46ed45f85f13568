"""A build context or its Dockerfile does not exist: found before boot, at its place."""

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
from bootready.model.lookup import place_in, shown


@check(
    summary="a build context or its Dockerfile does not exist",
    severity=Severity.ERROR,
    needs=Needs.FILES,
    uses=Needs.ENGINE,
    looks_at=("service.build",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/build/#context",
)
def build_context_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the `context` of every build and its Dockerfile exist.

    ## Why it stops boot
    Compose cannot build the image, so the service is never created. `docker compose config` accepts
    the project.

    ## What you see
    ```
    unable to prepare context: path ".../nope" not found
    ```

    ## Remedy
    Restore the directory or the Dockerfile, or correct the path. If the context is a Git submodule,
    check it out: `git submodule update --init`.

    ## When to silence it
    If another tool creates the directory or the Dockerfile before the build.
    """
    for service in context.project.services:
        build = service.build
        if build is None or "://" in build.context or build.context.startswith("git@"):
            continue
        if service.image and context.engine.reachable and context.engine.image(service.image):
            continue  # Compose builds only what is not there
        fact = context.host.file(build.context)
        path = shown(build.context, context.project.directory)
        if fact is None or not fact.may_be("directory"):
            yield report(
                place_in(service, "build", "context"),
                f"service '{service.name}': build context '{path}' does not exist",
            )
        elif not build.inline:
            name = build.dockerfile or "Dockerfile"
            file = name if name.startswith("/") else f"{build.context}/{name}"
            if context.host.file(file) is None:
                yield report(
                    place_in(service, "build"),
                    f"service '{service.name}': build context '{path}' has no file '{name}'",
                )
