"""What a manager of a Docker Swarm knows: its nodes, and what exists in the cluster."""

from __future__ import annotations

from collections.abc import Mapping

from bootready.typed import NamedTuple


class Probed(NamedTuple):
    """What one node answered to a probe. Images, paths and features are those that were asked."""

    images: Mapping[str, bool] = {}
    """Whether the node has an image, or could get it from its registry."""
    sources: Mapping[str, bool] = {}
    """Whether the source of a bind mount exists there."""
    features: Mapping[str, bool] = {}
    """Whether its kernel has ``ipvs`` and ``esp``."""
    free: int | None = None
    """Bytes that are free where the engine keeps containers; None where nothing could tell."""


class NodeFact(NamedTuple):
    """A node of the cluster, in Docker's own words; `cpus` in whole processors, memory in bytes."""

    id: str
    name: str
    state: str = "ready"
    """``ready``, ``down``, ``disconnected`` or ``unknown``."""
    availability: str = "active"
    """``active``, ``pause`` or ``drain``."""
    role: str = "worker"
    reachability: str = ""
    """Of a manager: ``reachable`` or ``unreachable``; '' of a worker."""
    address: str = ""
    labels: Mapping[str, str] = {}
    engine_labels: Mapping[str, str] = {}
    version: str = ""
    cpus: float = 0.0
    memory: int = 0
    system: str = "linux"
    architecture: str = "x86_64"
    clock: float | None = None
    """Seconds by which its clock is ahead of the leader's; None where nothing tells."""
    probed: Probed | None = None

    @property
    def takes_tasks(self) -> bool:
        """Whether the scheduler gives it new tasks."""
        return self.state == "ready" and self.availability == "active"


class PublishedPort(NamedTuple):
    """A port that a running service of the cluster holds.

    `node` is the id of the node that publishes it, '' for the routing mesh: on all of them.
    """

    port: int
    protocol: str
    service: str
    stack: str = ""
    node: str = ""


class ClusterFact(NamedTuple):
    """A cluster as one of its managers sees it; names only, never a content."""

    nodes: tuple[NodeFact, ...] = ()
    networks: Mapping[str, str] = {}
    """The scope of each network, ``swarm`` or ``local``, by name."""
    secrets: frozenset[str] = frozenset()
    configs: frozenset[str] = frozenset()
    ports: tuple[PublishedPort, ...] = ()
    probed: bool = False
    """Whether the nodes were probed."""
    unprobed: tuple[str, ...] = ()
    """What a probe could not ask, and why, in words."""

    @property
    def workers(self) -> tuple[NodeFact, ...]:
        """The nodes that the scheduler gives new tasks."""
        return tuple(node for node in self.nodes if node.takes_tasks)
