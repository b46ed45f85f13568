"""Client and server do not speak the same: TLS to a plain port, or another protocol."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.find import connections_of
from bootready.connections.reach import is_read_by_program, targets_of
from bootready.connections.servers import Server, servers_of
from bootready.connections.speech import plain_because, tls_because
from bootready.knowledge.protocols import ADDRESSES, OTHERS, words_of
from bootready.model.connection import Connection, Means, Origin

_STORAGE = frozenset(["S3", "AWS", "MINIO", "ENDPOINT", "STORAGE", "BUCKET"])
_PAGE = frozenset(
    ["CONSOLE", "BROWSER", "UI", "DASHBOARD", "ADMIN", "WEB", "MANAGEMENT", "API", "MONITORING"]
)

_KINDS = frozenset({"postgres", "mysql", "redis", "mongo", "amqp", "memcached", "mqtt", "mssql"})
"""Protocols of which no server speaks two."""


@check(
    summary="client and server do not speak the same on a port",
    severity=Severity.WARNING,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.environment", "service.command", "service.volumes"),
    mentions=ADDRESSES,
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/networking/",
)
def scheme_mismatch(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the scheme of each address with what a known image speaks on that port: whether it is
    TLS, whether it is for that kind of server (`postgres://` of MySQL), and whether it is the port
    for clients at all (MinIO's console, the monitoring of NATS, the management of RabbitMQ, the
    ports between the nodes of a cluster).

    ## Why it matters
    The server does not understand its client, and the client not the server.

    ## What you see
    ```
    received plaintext http traffic on an https channel, closing connection
    ```

    ## Remedy
    Write the scheme and the port that the server has for its clients.

    ## When to silence it
    If a plugin or a script changes what the port speaks.
    """
    servers = servers_of(context.project, context.engine)
    for one in connections_of(context.project, context.host).found:
        targets = targets_of(one, servers)
        if one.means is not Means.SERVICE or len(targets) != 1:
            continue
        words, hint = (
            _other_protocol(one, targets[0])
            or _other_port(one, targets[0], servers.get(one.service))
            or _other_scheme(one, targets[0])
        )
        if words:
            yield report(
                one.port_location or one.location,
                f"service '{one.service or targets[0].service.name}': {one.words} {words}",
                related=[targets[0].service.location],
                hint=hint,
            )


def _other_protocol(one: Connection, server: Server) -> tuple[str, str] | None:
    """Return what to say of a URL for another kind of server: ``postgres://`` of MySQL."""
    name = f"service '{server.service.name}'"
    if server.family == "clickhouse" and one.scheme in {"http", "https"} and one.reaches == 9000:
        return f"asks port 9000 of {name} by HTTP, which is for its own protocol", "ask port 8123"
    kinds = {one.protocol, server.protocol}
    if not one.scheme or len(kinds) == 1 or not kinds <= _KINDS or not server.family:
        return None
    return f"is for {one.protocol}, and {name} speaks {server.protocol}", "write the right service"


def _other_port(one: Connection, server: Server, client: Server | None) -> tuple[str, str] | None:
    meant = OTHERS.get(server.family, {}).get(one.reaches)
    if meant is None or not is_read_by_program(one):
        return None
    if meant.endswith("of a cluster") and client and client.family == server.family:
        return None  # it is one of them
    name = words_of(one.name)
    if server.family == "minio":
        if one.origin is not Origin.VARIABLE or _STORAGE.isdisjoint(name) or "CONSOLE" in name:
            return None
    elif server.family == "etcd" and one.scheme in {"http", "https"}:
        pass  # its clients use these schemes
    elif (
        one.protocol != server.protocol
        or (one.protocol == "http" and server.family not in {"elasticsearch", "opensearch"})
        or (one.scheme in {"http", "https"} and server.protocol != "http")
        or (not one.scheme and not _PAGE.isdisjoint(name))
    ):
        return None
    first = {"minio": 9000, "nats": 4222, "rabbitmq": 5672, "etcd": 2379}.get(server.family, 0)
    hint = f"clients ask port {first}" if first in server.ports or first == 5672 else ""
    words = f"asks port {one.reaches} of service '{server.service.name}', which is for {meant}"
    return words, hint


def _other_scheme(one: Connection, server: Server) -> tuple[str, str]:
    name = f"service '{server.service.name}'"
    if one.scheme == "mongodb+srv":
        return f"looks for {name} by an SRV record, and a service has none", "use `mongodb://`"
    if one.tls:
        reason = plain_because(one, server)
        return (
            (f"asks {name} with TLS, {reason}", "use the scheme without TLS")
            if reason
            else ("", "")
        )
    if one.scheme in {"http", "ws"} or (one.origin is Origin.FILE and one.scheme == "http"):
        reason = tls_because(one, server)
        return (
            (f"asks {name} without TLS, {reason}", "use `https`, or switch TLS off")
            if reason
            else ("", "")
        )
    return "", ""
