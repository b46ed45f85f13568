"""Constraints that no node satisfies: the tasks stay pending."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.cluster_faults import unplaced
from bootready.swarm.reported import place_of, stack_for


@check(
    summary="no node of the swarm satisfies the constraints of a service",
    severity=Severity.ERROR,
    needs=(Needs.SWARM, Needs.HOST, Needs.MANAGER),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#control-service-placement",
    proof="no Compose program deploys a stack: tests/engine/swarm asks a swarm",
)
def stack_node_unmatched(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the constraints of a service (`deploy.placement`, a `pin`, `platform`) with the nodes
    that take tasks.

    ## Why it stops boot
    The scheduler finds no node, and the tasks stay `pending`. `docker stack deploy` says nothing.

    ## What you see
    `no suitable node (scheduling constraints not satisfied on 3 nodes)`

    ## Remedy
    Give a node the label: `docker node update --label-add disk=ssd NODE`.

    ## When to silence it
    If a node that satisfies them joins later.
    """
    for fault in unplaced(stack_for(context.project, context.host), context.cluster):
        yield report(
            place_of(context.project, fault.path),
            fault.sentence,
            consequence=fault.consequence,
            hint=fault.hint,
        )
