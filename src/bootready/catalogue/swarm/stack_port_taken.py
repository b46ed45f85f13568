"""A published port that is taken on every node: the tasks stay pending."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.cluster_faults import ports_taken
from bootready.swarm.reported import place_of, stack_for


@check(
    summary="a published port is taken on every node that could publish it",
    severity=Severity.ERROR,
    needs=(Needs.SWARM, Needs.HOST, Needs.MANAGER),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#control-service-placement",
    proof="no Compose program deploys a stack: tests/engine/swarm asks a swarm",
)
def stack_port_taken(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for ports that a running service of another stack publishes on each node that could run
    the service, and for ports that more tasks of this project publish on their nodes than there are
    nodes.

    ## Why it stops boot
    One task of a node can publish a port of the node: the others stay `pending`. A port of the
    routing mesh belongs to one service of the whole swarm: the deployment is refused.

    ## What you see
    `no suitable node (host-mode port already in use on 3 nodes)`

    ## Remedy
    Publish another port, lower the replicas, or let the routing mesh publish it: `x-bootready:
    {swarm: {ports: ingress}}`.

    ## When to silence it
    If the other stack is removed before.

    ## Known limits
    Programs that run on a node outside of containers are not seen.
    """
    for fault in ports_taken(stack_for(context.project, context.host), context.cluster):
        yield report(
            place_of(context.project, fault.path),
            fault.sentence,
            consequence=fault.consequence,
            hint=fault.hint,
        )
