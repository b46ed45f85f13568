"""A manager of a swarm -> what it knows of the cluster; reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bootready.engine.api import Api, at, connect, integer, items, mapping, text
from bootready.errors import EngineError
from bootready.model.cluster import ClusterFact, NodeFact, PublishedPort
from bootready.model.node import Plain

LABEL = "com.docker.stack.namespace"
"""The label of everything that belongs to a stack."""
_FULL = 1_000_000_000
"""NanoCPUs of one processor."""


def manager_of(environ: Mapping[str, str]) -> Api:
    """Return the API of the engine that the docker client asks, which must be a manager.

    Raises EngineError if none answers, it is not one, or its swarm has no leader.
    """
    api = connect(environ)
    api.ping()
    swarm = at(api.get("/info"), "Swarm")
    if at(swarm, "ControlAvailable") is not True:
        raise EngineError(
            "this engine is not a manager of a swarm",
            hint="docker swarm init, or DOCKER_HOST or a context of a manager",
        )
    error = text(swarm, "Error")
    if error:
        raise without_leader(swarm, error)
    return api


def without_leader(swarm: Plain, error: str) -> EngineError:
    """Return the error for a swarm that cannot decide anything, with the engines to start.

    `swarm` is what `/info` has of it: a manager without a leader still knows the others.
    """
    if "leader" not in error.lower():
        return EngineError(f"the swarm does not work: {error.splitlines()[0]}")
    me = text(swarm, "NodeID")
    known = [one for one in items(swarm, "RemoteManagers") if text(one, "NodeID") != me]
    others = sorted(text(one, "Addr").rpartition(":")[0] for one in known)
    total = len(others) + 1
    hint = (
        f"start the engines of {total // 2 + 1} of its {total} managers, this one among them; the"
        f" others are at {', '.join(others)}"
        if others
        else "docker swarm init --force-new-cluster, if the other managers are lost for good"
    )
    return EngineError("the swarm has no leader: too few of its managers are running", hint=hint)


def cluster_of(api: Api) -> ClusterFact:
    """Return what a manager knows. Raises EngineError."""
    tasks = items(api.get("/tasks"))
    services = items(api.get("/services"))
    clocks = _clocks(tasks)
    nodes = [node_of(one, clocks) for one in items(api.get("/nodes"))]
    return ClusterFact(
        nodes=tuple(sorted(nodes, key=lambda node: node.name)),
        networks={text(one, "Name"): text(one, "Scope") for one in items(api.get("/networks"))},
        secrets=_names(api.get("/secrets")),
        configs=_names(api.get("/configs")),
        ports=tuple(_ports(services, tasks)),
    )


def node_of(node: Plain, clocks: Mapping[str, float] | None = None) -> NodeFact:
    """Return a node of `/nodes`; `clocks` are seconds by which clocks are ahead, by node."""
    described = at(node, "Description")
    manager = at(node, "ManagerStatus")
    number = text(node, "ID")
    return NodeFact(
        id=number,
        name=text(described, "Hostname") or number,
        state=text(node, "Status", "State"),
        availability=text(node, "Spec", "Availability"),
        role=text(node, "Spec", "Role"),
        reachability=text(manager, "Reachability"),
        address=text(node, "Status", "Addr"),
        labels=_texts(at(node, "Spec", "Labels")),
        engine_labels=_texts(at(described, "Engine", "Labels")),
        version=text(described, "Engine", "EngineVersion"),
        cpus=integer(described, "Resources", "NanoCPUs") / _FULL,
        memory=integer(described, "Resources", "MemoryBytes"),
        system=text(described, "Platform", "OS"),
        architecture=text(described, "Platform", "Architecture"),
        clock=(clocks or {}).get(number),
    )


def _texts(value: Plain) -> dict[str, str]:
    return {name: str(one) for name, one in mapping(value).items()}


def _names(found: Plain) -> frozenset[str]:
    return frozenset(text(one, "Spec", "Name") for one in items(found))


def _ports(services: Iterable[Plain], tasks: Iterable[Plain]) -> Iterator[PublishedPort]:
    names = {}
    for one in services:
        stack = text(one, "Spec", "Labels", LABEL)
        names[text(one, "ID")] = (text(one, "Spec", "Name"), stack)
        for port in items(one, "Endpoint", "Ports"):
            if text(port, "PublishMode") == "ingress":
                number = integer(port, "PublishedPort")
                yield PublishedPort(number, text(port, "Protocol"), *names[text(one, "ID")])
    for task in tasks:
        if text(task, "DesiredState") == "running" and text(task, "Status", "State") == "running":
            name, stack = names.get(text(task, "ServiceID"), ("", ""))
            for port in items(task, "Status", "PortStatus", "Ports"):
                number, protocol = integer(port, "PublishedPort"), text(port, "Protocol")
                yield PublishedPort(number, protocol, name, stack, text(task, "NodeID"))


def _clocks(tasks: Iterable[Plain]) -> dict[str, float]:
    """Return by how many seconds each node's clock is ahead of the leader's.

    A node puts its own time on what it says of a task, and the leader its own on when it wrote
    that down, which is a moment later. The task where both are nearest tells most.
    """
    found: dict[str, float] = {}
    for task in tasks:
        node = text(task, "NodeID")
        said, written = text(task, "Status", "Timestamp"), text(task, "UpdatedAt")
        if node and said and written and text(task, "Status", "State") != "orphaned":
            ahead = _seconds(said) - _seconds(written)
            if node not in found or ahead > found[node]:
                found[node] = ahead
    return found


def _seconds(moment: str) -> float:
    """Return a time such as ``2026-01-01T00:00:00.123456789Z`` in seconds since the epoch."""
    try:
        head, _, rest = moment.removesuffix("Z").partition(".")
        return datetime.fromisoformat(f"{head}+00:00").timestamp() + float(f"0.{rest or 0}")
    except ValueError:
        return 0.0
