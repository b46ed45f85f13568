"""Engines of several versions, or clocks that are apart."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.cluster_faults import nodes_differ


@check(
    summary="the engines or the clocks of the nodes differ",
    severity=Severity.WARNING,
    needs=(Needs.SWARM, Needs.MANAGER),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#control-service-placement",
)
def stack_nodes_differ(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the versions of the nodes' engines, to the second number, and their clocks: a node puts
    its own time on what it says of a task, and the leader its own on when it wrote that down.

    ## Why it matters
    A task that moves meets another engine. Clocks that differ make certificates, leases and tokens
    of a cluster invalid.

    ## Remedy
    Update the engines one after the other. Start a time service on every node.

    ## When to silence it
    If the engines are being updated at this moment.

    ## Known limits
    A clock is known of nodes that run a task or have run one, to about a second.
    """
    for fault in nodes_differ(context.cluster):
        yield report(
            None,
            fault.sentence,
            consequence=fault.consequence,
            hint=fault.hint,
        )
