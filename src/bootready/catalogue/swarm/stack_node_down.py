"""A node that is down or drained: what is pinned to it stays pending."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.cluster_faults import nodes_down


@check(
    summary="a node of the swarm is down, or takes no tasks",
    severity=Severity.WARNING,
    needs=(Needs.SWARM, Needs.MANAGER),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#control-service-placement",
)
def stack_node_down(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at the state and the availability of every node.

    ## Why it matters
    What is pinned to such a node stays `pending`, and the data of local volumes there is not
    reached. The others have to carry what it ran.

    ## Remedy
    Start the engine of that node. `docker node rm NODE` if it does not come back; `docker node
    update --availability active NODE` after its maintenance.

    ## When to silence it
    If the node is down for a maintenance that is planned.
    """
    for fault in nodes_down(context.cluster):
        yield report(
            None,
            fault.sentence,
            consequence=fault.consequence,
            hint=fault.hint,
        )
