"""A stack and the cluster that is to run it -> what the cluster cannot give it.

Each fault names its service or object by the path of the stack file; a cluster of which nothing is
known has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootready.model.cluster import ClusterFact, NodeFact
from bootready.model.subject import subject_of
from bootready.swarm.placing import candidates, why_nowhere
from bootready.swarm.stack import Stack
from bootready.swarm.wanted import Wanted, eligible, services_of
from bootready.typed import NamedTuple

GIB = 1 << 30
_SHOWN = 3
"""Nodes that one message says something of."""
MOST_APART = 5.0
"""Seconds by which clocks may differ: members of a cluster and certificates go by them."""


class Fault(NamedTuple):
    """What is wrong, about `path` such as ``("services", "web")``; () is the cluster as a whole."""

    path: tuple[str, ...]
    message: str
    consequence: str
    hint: str = ""
    kind: str = ""

    @property
    def sentence(self) -> str:
        """The message with its subject first, if it has one."""
        return f"{subject_of(self.path)}: {self.message}" if self.path else self.message


def unplaced(stack: Stack, cluster: ClusterFact | None) -> Iterator[Fault]:
    """Yield services whose constraints no node satisfies that takes tasks."""
    if cluster is None or not cluster.nodes:
        return
    for one in services_of(stack):
        if not eligible(one, cluster) and one.constraints:
            told = why_nowhere(one.constraints, cluster.nodes)
            yield Fault(
                ("services", one.name),
                "no node of the swarm can run it",
                f"its tasks stay pending: {_few(told)}",
                _label_hint(one.constraints, cluster.nodes),
            )


def unmet(stack: Stack, cluster: ClusterFact | None) -> Iterator[Fault]:
    """Yield services that reserve more than any node has, or than all of them have together."""
    for one in services_of(stack) if cluster is not None else ():
        nodes = eligible(one, cluster)
        if not nodes or not (one.cpus or one.memory):
            continue
        asked = _amount(one.cpus, one.memory)
        room = sum(_room(one, node) for node in nodes)
        if not room:
            most = _amount(max(node.cpus for node in nodes), max(node.memory for node in nodes))
            message = f"reserves {asked}, but the largest of its nodes has {most}"
        elif one.replicas > room:
            message = (
                f"{one.replicas} replicas reserve {asked} each, but the nodes have room for {room}"
            )
        else:
            continue
        hint = "lower `deploy.resources.reservations`, or add a node"
        yield Fault(("services", one.name), message, "its tasks stay pending", hint)


def ports_taken(stack: Stack, cluster: ClusterFact | None) -> Iterator[Fault]:
    """Yield ports that other stacks hold, and those that more tasks publish than nodes could."""
    if cluster is None or not cluster.nodes:
        return
    services = list(services_of(stack))
    for one in services:
        for port, protocol, mode in one.ports:
            found = _held(stack, one, (port, protocol, mode), cluster)
            if found:
                yield Fault(
                    ("services", one.name),
                    f"{port}/{protocol} is taken by {found}",
                    "its tasks stay pending" if mode == "host" else "the deployment is refused",
                    f"publish another port than {port}",
                )
    yield from _crowded(services, cluster)


def _held(stack: Stack, one: Wanted, wanted: tuple[int, str, str], cluster: ClusterFact) -> str:
    """Return who of another stack holds a port wherever a service could publish it, or ''."""
    port, protocol, mode = wanted
    held = {
        other.node: other.service
        for other in cluster.ports
        if (other.port, other.protocol) == (port, protocol) and other.stack != stack.project
    }
    if not held:
        return ""
    everywhere = held.get("")
    if everywhere:
        return f"service '{everywhere}' on every node"
    nodes = eligible(one, cluster)
    if mode == "host" and nodes and all(node.id in held for node in nodes):
        return f"service '{held[nodes[0].id]}' on every node that could run it"
    return ""


def _crowded(services: Sequence[Wanted], cluster: ClusterFact) -> Iterator[Fault]:
    """Yield ports of the nodes that more tasks publish than nodes could."""
    users: dict[tuple[int, str], list[Wanted]] = {}
    for one in services:
        for port, protocol, mode in one.ports:
            if mode == "host":
                users.setdefault((port, protocol), []).append(one)
    for (port, protocol), found in users.items():
        nodes = {node.id for one in found for node in eligible(one, cluster)}
        tasks = sum(one.replicas or len(eligible(one, cluster)) for one in found)
        if nodes and tasks > len(nodes):
            names = ", ".join(f"'{one.name}'" for one in found)
            count = "1 node" if len(nodes) == 1 else f"{len(nodes)} nodes"
            yield Fault(
                ("services", found[-1].name),
                f"{port}/{protocol} is published by {tasks} tasks of {names}, but {count} could",
                "one task of a node publishes a port of it; the others stay pending",
                "lower the replicas, publish another port, or"
                " `x-bootready: {swarm: {ports: ingress}}`",
            )


def objects_missing(stack: Stack, cluster: ClusterFact | None) -> Iterator[Fault]:
    """Yield external networks, secrets and configs that the cluster does not have."""
    if cluster is None or not cluster.nodes:
        return
    made = {(one.kind, one.name) for one in stack.created}
    for kind, names in (("secrets", cluster.secrets), ("configs", cluster.configs)):
        for key, name in _external(stack, kind):
            if name not in names and (kind, name) not in made:
                noun = kind.removesuffix("s")
                yield Fault(
                    (kind, key),
                    f"does not exist in the swarm as '{name}'",
                    "the deployment is refused",
                    f"docker {noun} create {name} - , with the content on standard input",
                    kind,
                )
    for key, name in _external(stack, "networks"):
        scope = cluster.networks.get(name)
        if scope == "swarm" or name in {"host", "bridge"}:
            continue
        other = ", only as one of a node's own" if scope else ""
        yield Fault(
            ("networks", key),
            f"does not exist in the swarm as '{name}'{other}",
            "the deployment is refused",
            f"docker network create --driver overlay --attachable {name}",
            "networks",
        )


def even_managers(cluster: ClusterFact | None) -> Iterator[Fault]:
    """Yield a fault if the number of managers is even, or one of them does not answer."""
    managers = [one for one in cluster.nodes if one.role == "manager"] if cluster else []
    count = len(managers)
    if count and count % 2 == 0:
        survives = (count - 1) // 2
        yield Fault(
            (),
            f"swarm: it has {count} managers, an even number",
            f"it survives the loss of {survives} of them, as with {count - 1}",
            "docker node promote NODE, or docker node demote NODE",
        )
    lost = [one for one in managers if one.reachability == "unreachable"]
    if lost:
        left = count - len(lost) - (count // 2 + 1)
        yield Fault(
            (),
            f"swarm: {names_of(lost)} of {count} managers cannot be reached",
            f"the swarm has no leader after the loss of {left + 1} more",
            "start their engines",
        )


def nodes_down(cluster: ClusterFact | None) -> Iterator[Fault]:
    """Yield a fault for nodes that are down, and one for those that take no new tasks."""
    nodes = cluster.nodes if cluster else ()
    down = [one for one in nodes if one.state != "ready"]
    if down:
        verb = "is" if len(down) == 1 else "are"
        yield Fault(
            (),
            f"swarm: {names_of(down)} of {len(nodes)} nodes {verb} down",
            "what is pinned to such a node stays pending, and its data is not reached",
            "start the engine there, or docker node rm NODE if it is gone for good",
        )
    idle = [one for one in nodes if one.state == "ready" and one.availability != "active"]
    if idle:
        verb = "takes" if len(idle) == 1 else "take"
        why = ", ".join(sorted({one.availability for one in idle}))
        yield Fault(
            (),
            f"swarm: {names_of(idle)} of {len(nodes)} nodes {verb} no new tasks ({why})",
            "what is pinned to such a node stays pending",
            "docker node update --availability active NODE",
        )


def nodes_differ(cluster: ClusterFact | None) -> Iterator[Fault]:
    """Yield a fault if engines have several versions, and one for clocks that are apart."""
    nodes = [one for one in cluster.nodes if one.state == "ready"] if cluster else []
    versions: dict[str, list[NodeFact]] = {}
    for one in nodes:
        versions.setdefault(one.version.rpartition(".")[0] or one.version, []).append(one)
    if len(versions) > 1:
        told = [f"{found[0].version} on {names_of(found)}" for _, found in sorted(versions.items())]
        yield Fault(
            (),
            f"swarm: the engines of its nodes differ: {', '.join(told)}",
            "a task may behave otherwise after it has moved, and newer attributes are lost there",
            "update the engines to one version, one node after the other",
        )
    for one in nodes:
        if one.clock is not None and abs(one.clock) > MOST_APART:
            way = "ahead of" if one.clock > 0 else "behind"
            yield Fault(
                (),
                f"node '{one.name}': its clock is {abs(one.clock):.0f} s {way} the leader's",
                "certificates, leases and tokens go by it, and logs have the wrong times",
                "start a time service on that node, such as chrony",
            )


def _room(one: Wanted, node: NodeFact) -> int:
    """Return for how many tasks a node that runs nothing else has room."""
    rooms = []
    if one.cpus:
        rooms.append(int(node.cpus / one.cpus))
    if one.memory:
        rooms.append(node.memory // one.memory)
    return min(rooms)


def _amount(cpus: float, memory: int) -> str:
    parts = [f"{cpus:g} processors"] if cpus else []
    parts += [f"{memory / GIB:.3g} GiB of memory"] if memory else []
    return " and ".join(parts)


def _external(stack: Stack, kind: str) -> Iterator[tuple[str, str]]:
    for key, entry in stack.content[kind].items():
        if isinstance(entry, dict) and entry.get("external") is True:
            yield key, str(entry.get("name") or key)


def names_of(nodes: Sequence[NodeFact]) -> str:
    """Return the names of a few nodes for a sentence."""
    shown = ", ".join(f"'{one.name}'" for one in nodes[:_SHOWN])
    more = len(nodes) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _few(lines: Sequence[str]) -> str:
    more = len(lines) - _SHOWN
    return "; ".join(lines[:_SHOWN]) + (f"; and {more} more nodes" if more > 0 else "")


def _label_hint(constraints: Sequence[str], nodes: Sequence[NodeFact]) -> str:
    """Return how a node gets the label that none has, if one is what is missing."""
    for rule in constraints:
        key, equal, value = rule.partition("==")
        label = key.strip().removeprefix("node.labels.")
        if equal and label != key.strip() and not candidates((rule,), nodes):
            return (
                f"docker node update --label-add {label}={value.strip()} NODE, or bootready prepare"
                " --target swarm"
            )
    return ""
