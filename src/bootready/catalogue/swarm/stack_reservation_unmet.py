"""A reservation that no node can keep: the tasks stay pending."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.cluster_faults import unmet
from bootready.swarm.reported import place_of, stack_for


@check(
    summary="a service reserves more than any node has",
    severity=Severity.ERROR,
    needs=(Needs.SWARM, Needs.HOST, Needs.MANAGER),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#control-service-placement",
    proof="no Compose program deploys a stack: tests/engine/swarm asks a swarm",
)
def stack_reservation_unmet(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `deploy.resources.reservations` with the processors and the memory of the nodes that
    could run the service, and the sum over its replicas with what all of them have.

    ## Why it stops boot
    The scheduler gives a task only to a node that has as much left. The others stay `pending`.

    ## What you see
    `no suitable node (insufficient resources on 3 nodes)`

    ## Remedy
    Lower the reservation, or add a node. A limit is another thing: it may be higher than what a
    node has.

    ## When to silence it
    If a larger node joins later.

    ## Known limits
    What other services reserve on the nodes is not counted.
    """
    for fault in unmet(stack_for(context.project, context.host), context.cluster):
        yield report(
            place_of(context.project, fault.path),
            fault.sentence,
            consequence=fault.consequence,
            hint=fault.hint,
        )
