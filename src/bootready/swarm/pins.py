"""A service -> whether something keeps it on a node, and the data that it would leave behind."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.lookup import items_at, text_at
from bootready.model.project import Mount, Project, Service
from bootready.regex import regex
from bootready.swarm.hints import wishes_of

_PINNING = regex(r"\s*(?:node\.(?:hostname|id|ip|labels\.)|engine\.labels\.).*==.*")
_SHARED = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs"})
"""File systems that every node can mount."""


def is_pinned(service: Service) -> bool:
    """Tell whether a constraint keeps `service` on one node, or on labelled ones."""
    if wishes_of(service).pin:
        return True
    constraints = items_at(service.node, "deploy", "placement", "constraints")
    return any(_PINNING.fullmatch(text_at(node)) for _, node in constraints)


def is_everywhere(service: Service) -> bool:
    """Tell whether `service` runs once on every node."""
    mode = wishes_of(service).mode or text_at(service.node, "deploy", "mode")
    return mode.startswith("global")


def data_of(service: Service, project: Project) -> Iterator[tuple[int, Mount]]:
    """Yield the mounts of `service` that are on the node alone and written to, with their index."""
    volumes = {one.key: one for one in project.volumes}
    for index, mount in enumerate(service.mounts):
        if mount.read_only or not mount.source:
            continue
        if mount.kind == "bind" and mount.source.startswith(f"{project.directory}/"):
            yield index, mount
        volume = volumes.get(mount.source) if mount.kind == "volume" else None
        if volume is None or volume.driver not in {None, "", "local"}:
            continue
        if text_at(volume.node, "driver_opts", "type") not in _SHARED:
            yield index, mount
