"""The engine does not have the runtime: found before boot, at its place."""

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
from bootready.model.lookup import place_in, text_at


@check(
    summary="the engine does not have the runtime",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.runtime",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#runtime",
)
def runtime_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `runtime` with the runtimes that the engine lists. Podman ignores the key, so there it
    is a warning.

    ## Why it stops boot
    The engine rejects the container. `docker compose config` accepts it.

    ## What you see
    ```
    Unknown runtime specified nvidia
    ```

    ## Remedy
    Install the runtime and register it in `/etc/docker/daemon.json`, or remove the key.

    ## When to silence it
    If the runtime is installed only where the project is deployed.
    """
    is_podman = context.engine.info().kind.is_podman
    for service in context.project.services:
        name = text_at(service.node, "runtime")
        if name and name not in context.engine.info().runtimes:
            yield report(
                place_in(service, "runtime"),
                f"service '{service.name}': the engine has no runtime '{name}'",
                consequence="Podman starts it with its own runtime instead" if is_podman else "",
                severity=Severity.WARNING if is_podman else None,
            )
