"""A database is published on every address of the machine: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.engine.ports import WILDCARDS

PORTS = {
    1433: "SQL Server",
    2379: "etcd",
    3306: "MySQL",
    5432: "PostgreSQL",
    5984: "CouchDB",
    6379: "Redis",
    8086: "InfluxDB",
    9042: "Cassandra",
    9200: "Elasticsearch",
    11211: "Memcached",
    27017: "MongoDB",
}
"""The port that a database listens on inside of its container."""

SHARED = {8086: ("influx",), 9200: ("elastic", "opensearch", "search")}
"""Ports that other programs use as well: a word in the image or the name has to tell."""


@check(
    summary="a database is published on every address of the machine",
    severity=Severity.WARNING,
    looks_at=("service.ports",),
    mentions=(
        "1433",
        "2379",
        "3306",
        "5432",
        "5984",
        "6379",
        "8086",
        "9042",
        "9200",
        "11211",
        "27017",
    ),
    since="0.1.0",
    reference="https://docs.docker.com/engine/network/packet-filtering-firewalls/",
)
def database_exposed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for ports of well-known databases that are published without a host address.

    ## Why it matters
    Everyone who can reach the machine can reach the database, because ports that Docker publishes
    bypass `ufw` and `firewalld`. Other services of the project do not need a published port.

    ## Remedy
    Publish it on this machine only, as `127.0.0.1:5432:5432`, or do not publish it.

    ## When to silence it
    If the database must be reachable from other machines and a firewall in front of this machine
    limits access.

    ## Sources
    - <https://docs.docker.com/engine/network/packet-filtering-firewalls/>
    """
    for service in context.project.services:
        for port in service.ports if service.network_mode != "host" else ():
            words = SHARED.get(port.target, ("",))
            if not any(word in f"{service.image} {service.name}".lower() for word in words):
                continue
            if port.target in PORTS and port.protocol == "tcp" and port.host_ip in WILDCARDS:
                number = port.published or port.target
                yield report(
                    port.location,
                    f"service '{service.name}': {PORTS[port.target]} is published on every address",
                    hint=f"publish it as '127.0.0.1:{number}:{port.target}'",
                )
