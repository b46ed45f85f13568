"""A client, a proxy or a healthcheck asks a port on which the program does not listen."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import says
from bootready.connections.find import connections_of
from bootready.connections.reach import listed, published_as, targets_of
from bootready.connections.servers import servers_of
from bootready.knowledge.protocols import ADDRESSES
from bootready.model.connection import Means, Origin


@check(
    summary="a port is asked on which the service does not listen",
    severity=Severity.WARNING,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=(
        "service.environment",
        "service.command",
        "service.healthcheck",
        "service.labels",
        "service.volumes",
    ),
    mentions=ADDRESSES,
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/networking/",
)
def port_unserved(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the port of each address, of each label for a proxy and of each healthcheck with those
    on which the program of a known image listens, by default or because of an option or variable.

    ## Why it matters
    The client is refused although the service runs. A healthcheck never passes.

    ## What you see
    ```
    connection to server at "db" (172.18.0.2), port 5432 failed: Connection refused
    ```

    ## Remedy
    Write the port on which the program listens, or make it listen there.

    ## When to silence it
    If a plugin or a script in the container opens the port.

    ## Known limits
    Nothing is reported if a mounted configuration may open other ports, or of images that the
    project builds.
    """
    servers = servers_of(context.project, context.engine)
    for one in connections_of(context.project, context.host).found:
        targets = targets_of(one, servers)
        if not targets or not one.reaches or not all(target.complete for target in targets):
            continue
        if any(one.reaches in target.ports for target in targets):
            continue
        if one.means is Means.ITSELF and one.origin is not Origin.HEALTHCHECK:
            continue
        target = targets[0]
        if not one.port and one.protocol != target.protocol:
            continue  # which port is meant, nobody says
        if one.means is Means.SERVICE and one.port and published_as(target.service, one.port):
            continue  # port-published-for-container tells it
        yield report(
            one.port_location or one.location,
            f"service '{one.service or target.service.name}': {one.words} asks port {one.reaches} "
            f"of {_whom(one.means, target.service.name)}, which does not listen there",
            related=[] if one.means is Means.ITSELF else [target.service.location],
            consequence=says("", target.care),
            hint=f"it listens on {listed(target.ports)}",
            kind=f"{one.port}>{min(target.ports)}" if len(target.ports) == 1 and one.port else "",
        )


def _whom(means: Means, name: str) -> str:
    return "its own container" if means is Means.ITSELF else f"service '{name}'"
