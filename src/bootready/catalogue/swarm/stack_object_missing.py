"""An external object that the swarm does not have: the deployment is refused."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.cluster_faults import objects_missing
from bootready.swarm.reported import place_of, stack_for


@check(
    summary="an external network, secret or config does not exist in the swarm",
    severity=Severity.ERROR,
    needs=(Needs.SWARM, Needs.HOST, Needs.MANAGER),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#control-service-placement",
    proof="no Compose program deploys a stack: tests/engine/swarm asks a swarm",
)
def stack_object_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for external networks, secrets and configs among those of the swarm. A network of one node
    alone does not count.

    ## Why it stops boot
    `docker stack deploy` refuses the stack: nothing of it starts.

    ## What you see
    `network "edge" is declared as external, but could not be found. You need to create a
    swarm-scoped network`

    ## Remedy
    `bootready prepare --target swarm` creates networks. Secrets and configs that the project has no
    content of are yours to create: `docker secret create NAME -`, the content on standard input.

    ## When to silence it
    If the deployment creates it before.
    """
    for fault in objects_missing(stack_for(context.project, context.host), context.cluster):
        yield report(
            place_of(context.project, fault.path),
            fault.sentence,
            consequence=fault.consequence,
            hint=fault.hint,
        )
