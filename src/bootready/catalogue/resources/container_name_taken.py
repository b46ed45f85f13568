"""A container outside the project already has the name: found before boot, at its place."""

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
from bootready.model.lookup import place_in


@check(
    summary="a container outside the project already has the name",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.container_name",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#container_name",
    proof="the other container differs per machine",
)
def container_name_taken(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `container_name` with the containers that the engine has.

    ## Why it stops boot
    Container names are unique on an engine, so it rejects the second container.

    ## What you see
    ```
    Conflict. The container name "/proto-traefik" is already in use by container "ID".
    ```

    ## Remedy
    Remove the other container, use another name, or remove `container_name`: Compose then chooses a
    name with the name of the project in it.

    ## When to silence it
    If the other container is removed before this project starts.
    """
    others = {
        fact.name: fact.project
        for fact in context.engine.containers()
        if fact.project != context.project.name
    }
    for service in context.project.services:
        if service.container_name in others:
            owner = others[service.container_name]
            yield report(
                place_in(service, "container_name"),
                f"service '{service.name}': container name '{service.container_name}' is taken"
                + (f" by project '{owner}'" if owner else ""),
                hint=f"docker rm {service.container_name}, or use another name",
            )
