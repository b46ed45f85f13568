"""What the engine lists of a project's containers, and the memory of one: asked again and again.

https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container (ContainerList,
ContainerStats). Of one listing come states, ports and addresses, so that no container is inspected.
"""

from __future__ import annotations

from bootready.engine.api import Api, at, integer, items, mapping, text
from bootready.engine.container import ONEOFF_LABEL, PROJECT_LABEL, SERVICE_LABEL, Binding
from bootready.engine.http import quoted
from bootready.model.node import Plain
from bootready.typed import NamedTuple


class Listed(NamedTuple):
    """A container as ContainerList tells of it."""

    id: str
    service: str
    state: str
    """created, running, restarting, paused, exited or dead."""
    status: str
    """The same for people: ``Up 3 minutes (healthy)``."""
    bindings: tuple[Binding, ...]
    addresses: tuple[str, ...]
    """Its addresses in the networks of the engine."""


class Memory(NamedTuple):
    """What the processes of a container use, as `docker stats` counts it, and its limit; bytes."""

    used: int
    limit: int
    """0 where it has none of its own."""


def list_containers(api: Api, project: str) -> tuple[Listed, ...]:
    """Return the containers of a Compose project, one-off ones left out. Raises EngineError."""
    filters: dict[str, Plain] = {"label": [f"{PROJECT_LABEL}={project}"]}
    found = items(api.get("/containers/json", all=True, filters=filters))
    return tuple(_listed(one) for one in found if text(one, "Labels", ONEOFF_LABEL) != "True")


def memory_of(api: Api, container: str, whole: int = 0) -> Memory | None:
    """Return the memory of a running container, None where the engine does not count it.

    The engine tells the memory of the machine, `whole` bytes, as the limit of a container without
    one. Raises EngineError.
    """
    query: dict[str, Plain] = {"stream": False, "one-shot": True}
    return parse_memory(api.get(f"/containers/{quoted(container)}/stats", **query), whole)


def parse_memory(answer: Plain, whole: int = 0) -> Memory | None:
    """Return the memory in an answer of ContainerStats.

    Pages of files that could be dropped do not count (docker/cli `calculateMemUsageUnixNoCache`).
    """
    stats = mapping(answer, "memory_stats")
    usage = integer(stats, "usage")
    if not usage:
        return None
    cached = integer(stats, "stats", "total_inactive_file") or integer(
        stats, "stats", "inactive_file"
    )
    limit = integer(stats, "limit")
    # Without a limit the kernel tells its largest number, or the engine that of the machine.
    limited = 0 < limit < (whole or 1 << 62)
    return Memory(usage - cached if 0 < cached < usage else usage, limit if limited else 0)


def _listed(one: Plain) -> Listed:
    networks = mapping(one, "NetworkSettings", "Networks")
    found = [
        text(entry, key)
        for entry in networks.values()
        for key in ("IPAddress", "GlobalIPv6Address")
    ]
    bindings = {
        Binding(text(port, "IP"), public, integer(port, "PrivatePort"), text(port, "Type"))
        for port in items(one, "Ports")
        if (public := integer(port, "PublicPort")) and at(port, "PrivatePort")
    }
    return Listed(
        id=text(one, "Id"),
        service=text(one, "Labels", SERVICE_LABEL),
        state=text(one, "State"),
        status=text(one, "Status"),
        bindings=tuple(sorted(bindings)),
        addresses=tuple(address for address in found if address),
    )
