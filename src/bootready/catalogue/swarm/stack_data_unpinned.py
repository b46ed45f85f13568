"""Data is on one node, and nothing keeps the service there."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.model.lookup import place_in, shown
from bootready.swarm.pins import data_of, is_everywhere, is_pinned


@check(
    summary="data is on one node, and nothing keeps the service there",
    severity=Severity.WARNING,
    needs=Needs.SWARM,
    looks_at=("service.volumes",),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/services/#placement-constraints",
)
def stack_data_unpinned(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds services that write to a local volume or a directory of the project, and that the swarm
    may start on another node.

    ## Why it matters
    A local volume is on one node. If the node is drained or lost, or an update moves the task, the
    service starts on another node with an empty volume, and the data seems to be gone.

    ## Remedy
    Label the node that has the data (`docker node update --label-add data=shop NODE`), and pin the
    service to it: `x-bootready: {swarm: {pin: data=shop}}`. Or use a volume that every node can
    mount.

    ## When to silence it
    If the swarm has one node, or the data may be lost.

    ## Known limits
    Storage that is shared behind an ordinary path of the nodes is not recognised.
    """
    for service in context.project.services:
        if is_pinned(service) or is_everywhere(service):
            continue
        for index, mount in data_of(service, context.project):
            what = shown(mount.source, context.project.directory)
            yield report(
                place_in(service, "volumes", index),
                f"service '{service.name}': '{what}' is on one node, and nothing keeps it there",
                consequence="on another node it starts without the data",
                hint="pin it to a node: x-bootready: {swarm: {pin: LABEL=VALUE}}",
            )
