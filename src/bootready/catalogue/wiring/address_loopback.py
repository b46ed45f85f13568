"""A client is told to look in its own container for a server that is another service."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.find import connections_of
from bootready.connections.likely import meant_by_loopback
from bootready.connections.reach import published_as
from bootready.connections.servers import Server, servers_of
from bootready.knowledge.protocols import ADDRESSES
from bootready.model.connection import Connection


@check(
    summary="localhost is given for a server that is another service",
    severity=Severity.WARNING,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.environment", "service.command", "service.entrypoint", "service.volumes"),
    mentions=ADDRESSES,
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/networking/",
)
def address_loopback(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds variables, words of commands and entries of mounted configuration files that name
    `localhost` or another loopback address as the place of a database, a cache or another server
    that is a service of the project.

    ## Why it matters
    Each container has a loopback interface of its own. The client looks for the server in its own
    container, where nothing listens.

    ## What you see
    ```
    connect ECONNREFUSED 127.0.0.1:5432
    ```

    ## Remedy
    Write the name of the service, and the port on which it listens in its container.

    ## When to silence it
    If the container runs that server itself.

    ## Known limits
    Nothing is reported for healthchecks, for services on the host's network or in the network
    namespace of the server, and for web addresses that browsers may use.
    """
    servers = servers_of(context.project, context.engine)
    for one in connections_of(context.project, context.host).found:
        meant = meant_by_loopback(one, servers)
        if meant is None:
            continue
        other = meant.service
        yield report(
            one.location,
            f"service '{one.service}': {one.words} names {one.host}, its own container; the server "
            f"is service '{other.name}'",
            related=[other.location.labelled("listens here")],
            hint=f"write `{other.name}` instead of `{one.host}`",
            kind=_change(one, meant),
        )


def _change(one: Connection, other: Server) -> str:
    """Return ``old>new`` for the repair, '' where the port would have to change elsewhere."""
    name = other.service.name
    if not one.reaches or one.reaches in other.ports:
        return f"{one.host}>{name}"
    entry = published_as(other.service, one.reaches)
    together = entry is not None and one.port_location == one.location and one.port
    return f"{one.shown}>{name}:{entry.target}" if entry is not None and together else ""
