"""What a symptom module imports: the decorator, the evidence, and the explanation it gives."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping

from bootready.boot.verify.listening import Socket
from bootready.check.changed_values import Changed
from bootready.engine.container import Container, Probe
from bootready.knowledge.words.lookup import Words
from bootready.model.boot import ServiceState
from bootready.model.node import Mapping as MappingNode
from bootready.model.position import Location
from bootready.model.project import FileObject, Mount, Network, Project, Service, Volume
from bootready.typed import NamedTuple

__all__ = [
    "Evidence",
    "Explanation",
    "Symptom",
    "attribute",
    "file_object_at",
    "mount_at",
    "nested",
    "network_named",
    "symptom",
    "volume_named",
]


class Evidence(NamedTuple):
    """All that is known of one failing service; `service` is None for what belongs to the project.

    `log` and the output of probes are masked; what is said of `refusal` is masked afterwards.
    """

    project: Project
    service: Service | None
    container: Container | None
    """Its worst container, with the exit code of its last death."""
    state: ServiceState | None
    refusal: str
    """What the engine or Compose said when it refused to create or start it, or ''."""
    log: tuple[str, ...]
    states: Mapping[str, ServiceState]
    timed_out: bool = False
    removed: bool = False
    users: Mapping[int, str] = {}
    listening: tuple[Socket, ...] | None = None
    """What listens in the container by now; None where nobody can say."""
    circle: tuple[str, ...] = ()
    """Other failing services that wait for this one, as it does for them."""
    offered: Mapping[str, tuple[Socket, ...]] = {}
    """Where the services listen that it depends on, once a connection was refused to it."""
    exit_known: bool = True
    """Whether the exit code is that of a death; a container that runs again has forgotten it."""
    neighbours: Mapping[str, tuple[str, ...]] = {}
    """The last lines of the services that it depends on, masked."""
    changed: tuple[Changed, ...] = ()
    """The passwords and keys that are not those of the last boot that worked."""
    words: Words | None = None
    """The tables of words with those of the project; None for those of the package alone."""

    @property
    def name(self) -> str:
        """The name of the service, or of the project."""
        return self.service.name if self.service else self.project.name

    @property
    def exit_code(self) -> int:
        """The exit code of the last death, 0 where there was none."""
        return self.container.exit_code if self.container else 0

    @property
    def died(self) -> bool:
        """Whether the process has ended, once or again and again."""
        if self.container is None:
            return False
        ended = self.container.status in {"exited", "dead", "restarting"}
        return ended or (self.container.restarts > 0 and self.exit_known)

    @property
    def unhealthy(self) -> bool:
        """Whether the process runs and its probe says that it does not work."""
        return self.container is not None and self.container.health in {"unhealthy", "starting"}

    @property
    def probe(self) -> Probe | None:
        """The last failing probe."""
        probes = self.container.probes if self.container else ()
        return next((probe for probe in reversed(probes) if probe.exit_code != 0), None)

    @property
    def text(self) -> str:
        """The log as one text, for patterns that look for words."""
        return "\n".join(self.log)


class Explanation(NamedTuple):
    """What a symptom says; `headline` follows ``service 'x'``, ``cause`` and `remedy` are one
    sentence each, without a full stop.
    """

    headline: str
    cause: str
    remedy: str
    location: Location | None = None
    related: tuple[Location, ...] = ()
    evidence: tuple[str, ...] = ()


SymptomFunction = Callable[[Evidence], Explanation | None]


class Symptom(NamedTuple):
    """One entry of the list of symptoms; the lowest `rank` that explains wins."""

    id: str
    summary: str
    rank: int
    page: str
    function: SymptomFunction


def symptom(*, summary: str, rank: int) -> Callable[[SymptomFunction], Symptom]:
    """Turn a function into a symptom; its id is its kebab-case name."""

    def enter(function: SymptomFunction) -> Symptom:
        return Symptom(
            id=function.__name__.replace("_", "-"),
            summary=summary,
            rank=rank,
            page=textwrap.dedent(function.__doc__ or "").strip(),
            function=function,
        )

    return enter


def attribute(service: Service | None, *keys: str) -> Location | None:
    """Return the place of the first of `keys` that the service has, else of the service."""
    if service is None:
        return None
    for key in keys:
        node = service.node.entries.get(key)
        if node is not None:
            span = service.node.keys.get(key, node.span)
            return Location(span, ("services", service.name, key))
    return service.location


def nested(service: Service, *keys: str) -> Location | None:
    """Return the place of a value deeper in the service, None where it is not written."""
    node: object = service.node
    span = None
    for key in keys:
        if not isinstance(node, MappingNode) or key not in node.entries:
            return None
        span = node.keys.get(key, node.entries[key].span)
        node = node.entries[key]
    return Location(span, ("services", service.name, *keys)) if span else None


def mount_at(service: Service | None, path: str) -> Mount | None:
    """Return the mount of `service` whose source or target is `path`."""
    mounts = service.mounts if service else ()
    return next((one for one in mounts if path in {one.source, one.target}), None)


def file_object_at(project: Project, path: str) -> FileObject | None:
    """Return the secret or config whose file is `path`."""
    return next((one for one in (*project.secrets, *project.configs) if one.file == path), None)


def network_named(project: Project, name: str) -> Network | None:
    """Return the network of that key or real name."""
    return next((one for one in project.networks if name in {one.key, one.name}), None)


def volume_named(project: Project, name: str) -> Volume | None:
    """Return the volume of that key or real name."""
    return next((one for one in project.volumes if name in {one.key, one.name}), None)
