"""A service waits for a dependency that exits before it is ready."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.process.program import always_fails, ends_at_once


@check(
    summary="a service waits for a dependency that exits before it is ready",
    severity=Severity.ERROR,
    looks_at=("service.depends_on",),
    where=("service.command", "service.entrypoint"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#depends_on",
)
def dependency_never_ready(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services whose whole program exits at once (`true`, `false`) while another service
    waits for their health, and for a `false` whose success another service waits for.

    ## Why it stops boot
    The condition can never become true, so Compose stops and the waiting service is never started.

    ## What you see
    ```
    dependency failed to start: container ft-b-1 exited (1)
    service "b" didn't complete successfully: exit 1
    ```

    ## Remedy
    Give the dependency its real program, or wait for another condition.

    ## When to silence it
    If an override file that is not part of this check replaces the command.
    """
    services = {service.name: service for service in context.project.services}
    for service in context.project.services:
        for dependency in service.depends_on:
            other = services.get(dependency.service)
            if other is None or not dependency.required or not ends_at_once(other):
                continue
            if dependency.condition == "service_healthy" or (
                dependency.condition == "service_completed_successfully" and always_fails(other)
            ):
                yield report(
                    dependency.location,
                    f"service '{service.name}': waits for '{other.name}' to become healthy, but"
                    f" '{other.name}' exits first",
                    related=[other.location.labelled("this service exits immediately")],
                )
