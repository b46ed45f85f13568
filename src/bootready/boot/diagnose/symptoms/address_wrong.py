"""A refused connection or login -> the address in the project that leads there, and the change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.boot.diagnose.api import Evidence, Explanation, symptom
from bootready.connections.accounts import difference
from bootready.connections.find import connections_of
from bootready.connections.likely import meant_by_loopback
from bootready.connections.reach import is_read_by_program, listed, published_as, targets_of
from bootready.connections.servers import Server, servers_of
from bootready.host.local import LocalHost
from bootready.model.connection import Connection, Means
from bootready.regex import regex

LINES = 60
"""So many of the last lines are looked at."""

_REFUSED = regex(
    r"ECONNREFUSED|(?i:connection refused|can'?t connect|could not connect|refused the connection)"
    r"|Connection to \S+ refused"
)
_LOGIN = regex(
    r"(?i:authentication failed|access denied for user|NOAUTH|WRONGPASS|AUTH called without|"
    r"invalid username-password|ACCESS_REFUSED|login was refused|unknown database)"
    r"|(?:role|database) \"[^\"]{1,200}+\" does not exist"
)
_WORDS = {
    "user": ("logs in as a user that '{}' does not create", "write the same user on both sides"),
    "password": (
        "logs in with another password than '{}' was given",
        "give both the same variable or secret",
    ),
    "database": (
        "names a database that '{}' does not create",
        "write the same database on both sides",
    ),
    "vhost": (
        "names a virtual host that '{}' does not create",
        "write the same virtual host on both sides",
    ),
    "missing": ("has no password, and '{}' asks for one", "add the password to the address"),
    "unneeded": ("logs in, and '{}' has no such login", "take the login away, or make it there"),
}


@symptom(summary="an address of the project leads to the wrong place", rank=38)
def address_wrong(evidence: Evidence) -> Explanation | None:
    """What a program was refused is looked for among the addresses that the project gives it: a
    loopback address or a port that nobody serves, a login that the server does not make. Nothing is
    said where the address is right: then the server is to blame.
    """
    service, container = evidence.service, evidence.container
    if service is None or container is None:
        return None
    if container.running and not container.health and not evidence.died:
        return None
    for line in reversed(evidence.log[-LINES:]):
        refused, login = _REFUSED.search(line), _LOGIN.search(line)
        if refused is None and login is None:
            continue
        servers = servers_of(evidence.project)
        for one in _given(evidence):
            if login is not None:
                found = _of_login(evidence, one, servers)
            else:
                found = _of_address(one, servers) if _is_in(one, line) else None
            if found is not None:
                ended = f"exited with {evidence.exit_code}" if evidence.died else "is unhealthy"
                return found._replace(
                    headline=f"{ended}: {found.headline}", evidence=(f"log: {line.strip()}",)
                )
    return None


def _given(evidence: Evidence) -> Iterator[Connection]:
    for one in connections_of(evidence.project, LocalHost()).found:
        if one.service == evidence.name and is_read_by_program(one):
            yield one


def _is_in(one: Connection, line: str) -> bool:
    """Tell whether a line is about the address: by its port, or by its host where it says none."""
    if one.reaches and re.search(rf"(?<!\d){one.reaches}(?!\d)", line):
        return True
    return re.search(r"\D\d{4,5}(?!\d)", line) is None and one.host in line


def _of_address(one: Connection, servers: dict[str, Server]) -> Explanation | None:
    meant = meant_by_loopback(one, servers)
    if meant is not None:
        other = meant.service
        return Explanation(
            f"{one.words} leads to its own container",
            f"{one.words} names {one.host}, where nothing listens; the server is '{other.name}'",
            f"write `{other.name}` instead of `{one.host}`",
            one.location,
            (other.location,),
        )
    targets = targets_of(one, servers) if one.means is Means.SERVICE else []
    if not targets or any(one.reaches in target.ports for target in targets):
        return None
    name = targets[0].service.name
    entry = published_as(targets[0].service, one.reaches)
    if entry is None and not targets[0].complete:
        return None
    right = str(entry.target) if entry else listed(targets[0].ports)
    why = f", which is published as {one.reaches} on the host" if entry else ""
    return Explanation(
        f"{one.words} asks port {one.reaches} of '{name}'",
        f"'{name}' listens on {right} in its container{why}",
        f"write port {right}",
        one.port_location or one.location,
        (entry.location if entry else targets[0].service.location,),
    )


def _of_login(
    evidence: Evidence, one: Connection, servers: dict[str, Server]
) -> Explanation | None:
    targets = targets_of(one, servers) if one.means is Means.SERVICE else []
    if len(targets) != 1 or targets[0].accounts is None or one.protocol != targets[0].protocol:
        return None
    entries = evidence.service.environment if evidence.service else ()
    elsewhere = "\n".join(f"{entry.name}={entry.value or ''}" for entry in entries)
    found = difference(one, targets[0].accounts, elsewhere)
    if found is None:
        return None
    name = targets[0].service.name
    cause, remedy = _WORDS[found.what]
    return Explanation(
        f"'{name}' refuses its login",
        f"{one.words} {cause.format(name)}",
        remedy,
        found.place,
        (found.there,),
    )
