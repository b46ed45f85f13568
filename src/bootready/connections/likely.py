"""A host that is wrong for its client -> the service that is meant by all appearances."""

from __future__ import annotations

import re
from collections.abc import Collection

from bootready.connections.named import for_browsers
from bootready.connections.reach import is_read_by_program
from bootready.connections.servers import Server
from bootready.connections.whom import LOOPBACK
from bootready.knowledge.protocols import DATABASES, PORTS, is_database_name, words_of
from bootready.model.connection import Connection, Means, Origin

_COMMON = frozenset({0, 80, 443, 3000, 8000, 8080})
"""Ports that many programs listen on: they tell nothing of who is meant."""
_ROLES = frozenset({"APP", "WEB", "SERVER", "CLIENT", "FRONTEND", "UI", "SITE", "URL", "HOST"})
"""Names of services that stand in names of variables for something else."""


def likely_meant(
    one: Connection, servers: dict[str, Server], project: str, *, surely: bool
) -> Server | None:
    """Return the service that the unknown host of an address means by all appearances, or None.

    `surely`: the name may be one from outside of the project, so that only its own letters tell.
    """
    others = {name: server for name, server in servers.items() if name != one.service}
    name = _by_name(one.host, others, project)
    if name or surely:
        return others.get(name)
    if one.protocol and one.protocol != "http":
        speaking = [server for server in others.values() if server.protocol == one.protocol]
        if len(speaking) == 1:
            return speaking[0]
    if not one.protocol and is_database_name(one.name) and not one.port:
        databases = [server for server in others.values() if server.protocol in DATABASES]
        if len(databases) == 1:
            return databases[0]
    called = [server for server in others.values() if _is_called(one, server)]
    if len(called) == 1 and one.protocol in {"", "http"}:
        return called[0]
    if not one.protocol or one.protocol == "http":
        listening = [server for server in others.values() if one.reaches in server.ports]
        if len(listening) == 1 and one.reaches not in _COMMON:
            return listening[0]
    from bootready.model.near import nearest

    near = nearest(one.host, tuple(others), 1, 0.8)
    return others[near[0]] if near else None


def _by_name(host: str, names: Collection[str], project: str) -> str:
    plain = {_bare(name): name for name in names}
    old = re.fullmatch(rf"(?:{re.escape(project)}|[a-z0-9]+)[_-](.+)[_-]\d+", host.lower())
    for written in (host, old[1] if old else "", host.lower().removeprefix(f"{project}_")):
        if _bare(written) in plain:
            return plain[_bare(written)]
    return ""


def _bare(name: str) -> str:
    return re.sub(r"[-_.]", "", name.lower())


def meant_by_loopback(one: Connection, servers: dict[str, Server]) -> Server | None:
    """Return the service that a loopback address means by all appearances, None if it is right."""
    if one.means is not Means.ITSELF or not LOOPBACK.fullmatch(one.host.lower()):
        return None
    if not is_read_by_program(one) or _serves_itself(one, servers):
        return None
    found = [other for other in servers.values() if _is_meant(one, other)]
    return found[0] if len(found) == 1 or (found and (one.protocol or one.reaches)) else None


def _serves_itself(one: Connection, servers: dict[str, Server]) -> bool:
    near = [servers[name] for name in one.targets if name in servers]
    near = [server for server in near if server.family != "pgbouncer"]  # it serves those of others
    return any(
        one.reaches in server.ports or (one.protocol and server.protocol == one.protocol != "http")
        for server in near
    )


def _is_meant(one: Connection, other: Server) -> bool:
    if other.service.name in one.targets:
        return False
    if one.protocol and one.protocol != "http":
        published = {port.published for port in other.service.ports}
        right = one.reaches in other.ports or str(one.reaches) in published or not other.complete
        return other.protocol == one.protocol and (right or not one.port)
    if not one.protocol and is_database_name(one.name) and not one.reaches:
        return other.protocol in DATABASES
    if not one.protocol and one.reaches:
        return bool(other.protocol) and (
            PORTS.get(one.reaches) == other.protocol or one.reaches in other.ports
        )
    if one.protocol != "http" or one.reaches not in other.ports:
        return False
    bare = one.origin is Origin.COMMAND and one.name in {"command", "entrypoint"}
    if one.origin is Origin.FILE or (bare and one.reaches not in _COMMON):
        return True
    if one.origin is not Origin.VARIABLE or for_browsers(one.name) or one.reaches in _COMMON:
        return False
    return other.protocol == "http"


def _is_called(one: Connection, other: Server) -> bool:
    """Tell whether the name of a variable has that of the service, which listens on the port."""
    name = other.service.name.upper()
    named = name not in _ROLES and name in words_of(one.name)
    return named and bool(one.reaches) and one.reaches in other.ports
