"""A restart policy is not one: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_in

POLICIES = frozenset({"no", "always", "on-failure", "unless-stopped"})


@check(
    summary="a restart policy is not one",
    severity=Severity.ERROR,
    looks_at=("service.restart",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#restart",
)
def restart_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `restart` with the policies that the engine knows.

    ## Why it stops boot
    The engine refuses the container.

    ## Remedy
    One of no, always, on-failure, on-failure:N, unless-stopped.
    """
    for service in context.project.services:
        if service.restart and service.restart.split(":")[0] not in POLICIES:
            yield report(
                place_in(service, "restart"),
                f"service '{service.name}': '{service.restart}' is no restart policy",
                hint=f"one of: {', '.join(sorted(POLICIES))}",
            )
