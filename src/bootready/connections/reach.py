"""A connection and the servers of the project -> whether the port is one that is listened on."""

from __future__ import annotations

import re

from bootready.connections.servers import Server
from bootready.model.connection import Connection, Means, Origin
from bootready.model.project import Port, Service


def targets_of(one: Connection, servers: dict[str, Server]) -> list[Server]:
    """Return the services that an address means, [] where it means none of the project's.

    Of several that share a name or a network, those that are known to listen on the port.
    """
    if one.means not in {Means.SERVICE, Means.ITSELF}:
        return []
    found = [servers[name] for name in one.targets if name in servers]
    if len(found) < 2 or not one.reaches:
        return found
    return [server for server in found if one.reaches in server.ports] or found


def published_as(service: Service, port: int) -> Port | None:
    """Return the entry of `ports` that publishes another port of the container as `port`."""
    for entry in service.ports:
        if entry.target != port and _covers(entry.published, port):
            return entry
    return None


def _covers(published: str, port: int) -> bool:
    found = re.fullmatch(r"(\d+)(?:-(\d+))?", published)
    if found is None:
        return False
    return int(found[1]) <= port <= int(found[2] or found[1])


def is_read_by_program(one: Connection) -> bool:
    """Tell whether the address is one that a program connects to of its own accord."""
    return one.origin in {Origin.VARIABLE, Origin.COMMAND, Origin.FILE}


def listed(ports: frozenset[int]) -> str:
    """Return ports for a message."""
    return ", ".join(map(str, sorted(ports)))
