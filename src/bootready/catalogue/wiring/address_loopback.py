"""A client is told to look in its own container for a server that is another service."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.brokers import misled
from bootready.connections.find import connections_of
from bootready.connections.likely import meant_by_loopback
from bootready.connections.reach import is_read_by_program, published_as, targets_of
from bootready.connections.servers import Server, servers_of
from bootready.knowledge.protocols import ADDRESSES
from bootready.model.connection import Connection, Means


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
    that is a service of the project; and brokers of Kafka that tell services of the project to go
    on with such an address (`KAFKA_ADVERTISED_LISTENERS`).

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
    told: set[str] = set()
    for one in connections_of(context.project, context.host).found:
        yield from _advertised(one, servers, told, report)
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


def _advertised(
    one: Connection, servers: dict[str, Server], told: set[str], report: Report
) -> Iterator[Finding]:
    """Yield a broker that tells its clients to ask a loopback address, once for each broker."""
    if one.means is not Means.SERVICE or one.protocol != "kafka" or not is_read_by_program(one):
        return
    for target in targets_of(one, servers):
        name = target.service.name
        found = misled(target.service, one.reaches) if name not in told else None
        if found is not None:
            told.add(name)
            yield report(
                found.location,
                f"service '{name}': clients that ask port {one.reaches} are told to ask "
                f"{found.host}:{found.port}, their own container",
                related=[one.location.labelled(f"service '{one.service}' asks here")],
                hint=f"advertise `{name}:{found.port}`, and {found.host} by a listener of its own",
            )


def _change(one: Connection, other: Server) -> str:
    """Return ``old>new`` for the repair, '' where the port would have to change elsewhere."""
    name = other.service.name
    if not one.reaches or one.reaches in other.ports:
        return f"{one.host}>{name}"
    entry = published_as(other.service, one.reaches)
    together = entry is not None and one.port_location == one.location and one.port
    return f"{one.shown}>{name}:{entry.target}" if entry is not None and together else ""
