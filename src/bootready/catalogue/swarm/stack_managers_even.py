"""An even number of managers survives no more losses than one less."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.cluster_faults import even_managers


@check(
    summary="the swarm has an even number of managers, or lost one",
    severity=Severity.WARNING,
    needs=(Needs.SWARM, Needs.MANAGER),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#control-service-placement",
)
def stack_managers_even(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Counts the managers of the swarm, and those that cannot be reached.

    ## Why it matters
    A swarm decides by majority. Four managers survive the loss of one, as three do; two survive
    none, as one does. Without a majority nothing can be changed, and no task moves away from a node
    that is lost.

    ## What you see
    `The swarm does not have a leader. It's possible that too few managers are online.`

    ## Remedy
    `docker node promote NODE` or `docker node demote NODE`, to 3 or 5 of them on different
    machines.

    ## When to silence it
    If the swarm is one of a test, whose loss does not matter.
    """
    for fault in even_managers(context.cluster):
        yield report(
            None,
            fault.sentence,
            consequence=fault.consequence,
            hint=fault.hint,
        )
