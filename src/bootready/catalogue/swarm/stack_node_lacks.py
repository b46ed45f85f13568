"""What a node does not have: it rejects the tasks."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.lacking import lacking
from bootready.swarm.reported import place_of, stack_for


@check(
    summary="a node lacks what a service needs there",
    severity=Severity.ERROR,
    needs=(Needs.SWARM, Needs.HOST, Needs.PROBE),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#control-service-placement",
    proof="no Compose program deploys a stack: tests/engine/swarm asks a swarm",
)
def stack_node_lacks(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    With `--probe`: asks every node whether it has the images of the services or can get them,
    whether the sources of bind mounts exist, whether its kernel has IPVS for virtual IPs and
    ingress ports, and how much of its disk is free.

    ## Why it stops boot
    Only the node itself knows these. A node without the image or the source rejects the task; the
    scheduler tries the next one, so that the service is wherever the node was right, or nowhere.
    That is a warning if other nodes could run it.

    ## What you see
    `No such image: shop:1`, `bind source path does not exist: /srv/data`

    ## Remedy
    Put images into a registry that all nodes reach. Create the source, or `pin` the service to the
    node that has it.

    ## When to silence it
    If what is missing is brought there before the deployment.

    ## Known limits
    A node that may ask a registry pulls the image for the answer, as a deployment does.
    """
    cluster = context.cluster
    for reason in cluster.unprobed if cluster else ():
        report.unseen(reason)
    for fault in lacking(stack_for(context.project, context.host), cluster):
        yield report(
            place_of(context.project, fault.path),
            fault.sentence,
            consequence=fault.consequence,
            hint=fault.hint,
            severity=Severity.WARNING if fault.kind == "some" else None,
        )
