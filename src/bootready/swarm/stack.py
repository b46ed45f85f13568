"""A resolved project and the files that it mounts -> its stack file, and what it cannot say."""

from __future__ import annotations

from collections.abc import Callable

from bootready.model.lookup import at
from bootready.model.node import Mapping, Plain, plain
from bootready.model.position import Location
from bootready.model.project import Project
from bootready.swarm.losses import Kind, Loss, Teller
from bootready.swarm.networks import alone, network_of, predefined_of
from bootready.swarm.objects import Created, Digest, Objects
from bootready.swarm.services import service_entry
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.model.evidence import Host

VERSION = "3.9"
"""What the clients of Docker 20.10 and later read; 20.10 refuses a file without one."""


class Stack(NamedTuple):
    """The content of a stack file, what is different in it, and what to create before it."""

    project: str
    content: dict[str, dict[str, Plain]]
    """`services`, `networks`, `volumes`, `secrets` and `configs`, by name."""
    losses: tuple[Loss, ...]
    created: tuple[Created, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every service can be deployed as one that works."""
        return bool(self.content["services"]) and not any(
            loss.kind is Kind.REFUSED for loss in self.losses
        )


def stack_of(
    project: Project, host: Host, digest: Digest, place: Callable[[str], str] = str
) -> Stack:
    """Return the stack of `project`; `host` reads the files that travel with it.

    `digest` gives what stands for a content in the name of a secret or config, and `place` the
    path of a file as the stack file has it. The same project gives the same stack.
    """
    objects = Objects(project, host, digest, place)
    losses: list[Loss] = []
    services: dict[str, Plain] = {}
    for service in sorted(project.services, key=lambda one: one.name):
        teller = Teller(service.location, service.node)
        entry = service_entry(service, project, objects, teller)
        if entry is not None:
            services[service.name] = entry
        losses += teller.found
    networks = _networks(project, losses)
    volumes = _volumes(project)
    losses += objects.losses
    losses += _top_level(project)
    content: dict[str, dict[str, Plain]] = {
        "services": services,
        "networks": networks,
        "volumes": volumes,
        "secrets": {**objects.made["secrets"]},
        "configs": {**objects.made["configs"]},
    }
    content = {kind: dict(sorted(entries.items())) for kind, entries in content.items()}
    return Stack(project.name, content, tuple(losses), tuple(objects.created))


def _networks(project: Project, losses: list[Loss]) -> dict[str, Plain]:
    made: dict[str, Plain] = {}
    for network in project.networks:
        if not network.used:
            continue
        teller = Teller(network.location, network.node)
        made[network.key] = network_of(network, project, teller)
        losses += teller.found
    for service in project.services:
        name = predefined_of(service)
        if name:
            made[name] = {"external": True, "name": name}
        if service.network_mode == "none":
            made[alone(service)] = {"driver": "overlay", "internal": True}
    return made


def _volumes(project: Project) -> dict[str, Plain]:
    used = {mount.source for one in project.services for mount in one.mounts}
    made: dict[str, Plain] = {}
    for volume in project.volumes:
        if volume.key not in used:
            continue
        if volume.external:
            made[volume.key] = {"external": True, "name": volume.name}
            continue
        entry: dict[str, Plain] = {}
        for name in ("driver", "driver_opts", "labels"):
            node = at(volume.node, name)
            if node is not None and plain(node):
                entry[name] = plain(node)
        if volume.name != f"{project.name}_{volume.key}":
            entry["name"] = volume.name
        made[volume.key] = entry
    return made


def _top_level(project: Project) -> list[Loss]:
    """Return what is lost of the top level, beside services and what they use."""
    found = []
    for key, consequence in (("jobs", "they are never run"), ("models", "nothing provides them")):
        node = project.model.entries.get(key)
        if isinstance(node, Mapping) and node.entries:
            span = project.model.keys.get(key, node.span)
            what = f"a stack file cannot have `{key}`"
            place = Location(span, (key,))
            found.append(Loss(Kind.LOST, "stack-attribute-lost", place, what, consequence))
    return found
