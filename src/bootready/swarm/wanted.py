"""A stack -> what the scheduler and the nodes look at of each service."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.cluster import ClusterFact, NodeFact
from bootready.model.node import Plain
from bootready.regex import regex
from bootready.swarm.placing import candidates
from bootready.swarm.stack import Stack
from bootready.typed import NamedTuple

_SIZE = regex(r"\s*([0-9.]+)\s*([kmgt]?)i?b?\s*")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


class Wanted(NamedTuple):
    """A service of a stack, as far as the scheduler looks at it."""

    name: str
    constraints: tuple[str, ...]
    cpus: float
    memory: int
    replicas: int
    """0 of one that runs once on every node."""
    ports: tuple[tuple[int, str, str], ...]
    """Published port, protocol, and the mode: ``host`` or ``ingress``."""
    image: str
    sources: tuple[str, ...]
    mode: str
    networks: tuple[str, ...]


def services_of(stack: Stack) -> Iterator[Wanted]:
    """Yield the services of a stack, sorted by name."""
    for name, entry in stack.content["services"].items():
        if isinstance(entry, dict):
            yield _wanted(name, entry)


def _wanted(name: str, entry: dict[str, Plain]) -> Wanted:
    deploy = _map(entry.get("deploy"))
    reserved = _map(_map(deploy.get("resources")).get("reservations"))
    replicas = deploy.get("replicas", 1)
    listed = _list(_map(deploy.get("placement")).get("constraints"))
    mounts = [_map(mount) for mount in _list(entry.get("volumes"))]
    return Wanted(
        name=name,
        constraints=tuple(map(str, listed)),
        cpus=_number(reserved.get("cpus")),
        memory=_bytes(reserved.get("memory")),
        replicas=0 if deploy.get("mode") == "global" else int(_number(replicas)),
        ports=tuple(_ports(entry)),
        image=str(entry.get("image") or ""),
        sources=tuple(str(mount.get("source")) for mount in mounts if mount.get("type") == "bind"),
        mode=str(deploy.get("endpoint_mode") or "vip"),
        networks=tuple(_map(entry.get("networks"))),
    )


def _ports(entry: dict[str, Plain]) -> Iterator[tuple[int, str, str]]:
    for one in _list(entry.get("ports")):
        port = _map(one)
        published = port.get("published")
        if isinstance(published, int):
            yield published, str(port.get("protocol")), str(port.get("mode"))


def _map(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}


def _list(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []


def _number(value: Plain) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0


def _bytes(value: Plain) -> int:
    """Return a size such as ``512m`` in bytes, 0 for one that is none."""
    found = _SIZE.fullmatch(str(value or "").lower())
    return int(_number(found[1]) * _UNITS[found[2]]) if found else 0


def eligible(one: Wanted, cluster: ClusterFact | None) -> tuple[NodeFact, ...]:
    """Return the nodes that take tasks and satisfy every constraint of a service."""
    return candidates(one.constraints, cluster.workers) if cluster else ()
