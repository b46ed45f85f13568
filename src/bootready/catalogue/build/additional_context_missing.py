"""An additional build context does not exist: found before boot, at its place."""

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
from bootready.model.lookup import entries_at, place_in, shown, text_at


@check(
    summary="an additional build context does not exist",
    severity=Severity.ERROR,
    needs=Needs.FILES,
    uses=Needs.ENGINE,
    looks_at=("service.build",),
    mentions=("additional_contexts",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/build/#additional_contexts",
    proof="v2.40.3 ends with 'failed to get build context'; v5.6.1 needs buildx for any of them",
)
def additional_context_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the local directories in `additional_contexts` exist. Images, services, stages and
    URLs are not checked.

    ## Why it stops boot
    The build reads every additional context before its first step, so a missing directory stops the
    build and the service has no image. `docker compose config` accepts the project.

    ## What you see
    Compose v2.40.3 prints:

    ```
    failed to get build context
    ```

    Compose v5.6.1 needs the plugin `buildx` for any additional context.

    ## Remedy
    Restore the directory, or correct the path: it is relative to the directory of the Compose file.

    ## When to silence it
    If another tool creates the directory before the build, for example a download step in CI.
    """
    for service in context.project.services:
        if service.image and context.engine.reachable and context.engine.image(service.image):
            continue  # Compose builds only what is not there
        for name, node in entries_at(service.node, "build", "additional_contexts"):
            path = text_at(node)
            fact = context.host.file(path) if path[:1] == "/" else None
            if path[:1] == "/" and (fact is None or not fact.may_be("directory")):
                where = shown(path, context.project.directory)
                words = "is not a directory" if fact else "does not exist"
                yield report(
                    place_in(service, "build", "additional_contexts", name),
                    f"service '{service.name}': additional context '{name}': '{where}' {words}",
                )
