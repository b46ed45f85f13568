"""A one-shot service that no other service waits for breaks `up --wait`."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.process.program import ends_at_once


@check(
    summary="a one-shot service that no other service waits for breaks `up --wait`",
    severity=Severity.WARNING,
    looks_at=("service.command", "service.entrypoint"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#depends_on",
)
def one_shot_unawaited(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services without `restart` whose whole command exits at once (`true`, `exit`), and
    that no service waits for with `service_completed_successfully`.

    ## Why it matters
    `docker compose up --wait` expects every service to keep running. It exits 1 although the
    service did its work. `docker compose up -d` without `--wait` is not affected.

    ## What you see
    ```
    container ft-a-1 exited (0)
    ```

    ## Remedy
    Let another service wait for it with `condition: service_completed_successfully`: `up --wait`
    then exits 0.

    ## When to silence it
    If the project is always started without `--wait`.
    """
    awaited = {
        d.service
        for s in context.project.services
        for d in s.depends_on
        if d.condition == "service_completed_successfully"
    }
    for service in context.project.services:
        if service.name in awaited or not ends_at_once(service):
            continue
        yield report(
            service.location,
            f"service '{service.name}': exits immediately, which `up --wait` reports as a failure",
            hint="set `condition: service_completed_successfully` in a service that needs it",
        )
