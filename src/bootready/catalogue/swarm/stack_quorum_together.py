"""The members of a cluster may run on one node: its loss takes the majority."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.members import clusters_of
from bootready.swarm.pins import is_pinned


@check(
    summary="the members of a cluster may run on one node",
    severity=Severity.WARNING,
    needs=Needs.SWARM,
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#placement-constraints",
)
def stack_quorum_together(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds three or more services of one image with numbered names, each of which is told the name of
    another one, that no constraint keeps apart.

    ## Why it matters
    The scheduler spreads the tasks of one service, but knows nothing of several. If two of three
    members are on one node, its loss stops the cluster that was to survive it.

    ## Remedy
    Pin each to a node of its own: `x-bootready: {swarm: {pin: member=1}}`, after
    `docker node update --label-add member=1 NODE`.

    ## When to silence it
    If the swarm has one node.
    """
    for members in clusters_of(context.project):
        for service in members.services:
            if not is_pinned(service):
                yield report(
                    service.location,
                    f"service '{service.name}': nothing keeps it apart from the other members of"
                    " its cluster",
                    consequence="the loss of one node may take the majority",
                    hint="pin it to a node of its own: x-bootready: {swarm: {pin: LABEL=VALUE}}",
                )
