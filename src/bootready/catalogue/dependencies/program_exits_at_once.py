"""The whole program of a service exits at once, with a failure or to be restarted forever."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.process.program import always_fails, restarts_forever
from bootready.model.lookup import place_in


@check(
    summary="the whole program of a service exits at once: it fails, or restarts forever",
    severity=Severity.WARNING,
    looks_at=("service.command", "service.entrypoint"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#entrypoint",
)
def program_exits_at_once(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services whose whole program is `false`, or a script that does nothing but print,
    wait and `exit` with another code than 0; and for `true` with a `restart` that starts it again.

    ## Why it matters
    The container never stays up. With `restart: always` it restarts forever, and Compose, which
    looks at it while it is running, calls it started or even healthy.

    ## What you see
    ```
    Restarting (1) Less than a second ago
    ```

    ## Remedy
    Give the service its real program, or remove the service.

    ## When to silence it
    If the service is a placeholder that an override file, which is not part of this check, gives
    its program.
    """
    for service in context.project.services:
        if always_fails(service):
            effect = "always fails, so it never stays up"
        elif restarts_forever(service):
            effect = "exits at once, and `restart` starts it again forever"
        else:
            continue
        yield report(
            place_in(service, "entrypoint" if service.entrypoint else "command"),
            f"service '{service.name}': its program {effect}",
            hint="give it its real program, or remove the service",
        )
