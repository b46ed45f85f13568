"""A container name has characters that the engine rejects: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.engine.values import RESOURCE_NAME
from bootready.model.lookup import place_in


@check(
    summary="a container name has characters that the engine rejects",
    severity=Severity.ERROR,
    looks_at=("service.container_name",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#container_name",
)
def container_name_invalid(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `container_name` with `[a-zA-Z0-9][a-zA-Z0-9_.-]+`.

    ## Why it stops boot
    The engine rejects the container. `docker compose config` accepts it.

    ## What you see
    ```
    Invalid container name (ft cn), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed
    ```

    ## Remedy
    Use only letters, digits, `_`, `.` and `-`.

    ## When to silence it
    Never: the engine always rejects it.
    """
    for service in context.project.services:
        name = service.container_name or ""
        if name and "$" not in name and not RESOURCE_NAME.fullmatch(name):
            yield report(
                place_in(service, "container_name"),
                f"service '{service.name}': invalid container name '{name}'",
            )
