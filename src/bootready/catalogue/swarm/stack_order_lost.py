"""A service that waits for another one does not wait in a swarm."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.reported import losses_for


@check(
    summary="a swarm does not wait for what a service depends on",
    severity=Severity.WARNING,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
)
def stack_order_lost(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds `depends_on` of services that are started again when they fail.

    ## Why it matters
    `docker stack deploy` starts everything at once and ignores `depends_on`. A service that needs
    another one has to wait for it itself, or to exit, upon which the swarm starts it again.

    ## Remedy
    Let the program wait and try again, or exit with an error if what it needs does not exist.

    ## When to silence it
    If the service is known to do so.
    """
    for loss in losses_for("stack-order-lost", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            consequence=loss.consequence,
            hint=loss.hint,
        )
