"""Project -> the host paths that no clone has: who mounts them, and who has to own them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from bootready.knowledge.process.identity import reader_of
from bootready.model.project import Project, Service
from bootready.report.runbook.guide import DirectoryRow
from bootready.report.runbook.paths import path_shown
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Engine, Host

_SYSTEM = ("/var/run", "/run", "/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/boot", "/var/log")


def directory_rows(
    project: Project, host: Host, engine: Engine, certificates: Sequence[str]
) -> tuple[DirectoryRow, ...]:
    """Return a row per path, but for what git tracks and for directories of certificates."""
    mounts: dict[str, list[tuple[Service, str, bool]]] = {}
    devices = {volume.key: volume.device for volume in project.volumes if volume.device}
    for service in project.services:
        for mount in service.mounts:
            source = devices.get(mount.source) if mount.kind == "volume" else mount.source
            if source and (mount.kind == "bind" or mount.source in devices):
                path = os.path.normpath(source)
                mounts.setdefault(path, []).append((service, mount.target, mount.read_only))
    return tuple(
        DirectoryRow(
            path_shown(path, project),
            "" if _is_of_machine(path) else _owner([service for service, _, _ in users], engine),
            tuple((service.name, target, read_only) for service, target, read_only in users),
            machine=_is_of_machine(path),
            file="." in os.path.basename(path).lstrip("."),
        )
        for path, users in mounts.items()
        if not _in_clone(path, project, host) and not _below(path, certificates)
    )


def _in_clone(path: str, project: Project, host: Host) -> bool:
    """Tell whether every clone has `path`; without a repository, whether it is here."""
    tracked = host.tracked_by_git(path)
    if tracked is None:
        return host.file(path) is not None and path.startswith(f"{project.directory}/")
    return tracked or _holds_tracked(path, host)


def _holds_tracked(directory: str, host: Host, depth: int = 4) -> bool:
    """Tell whether git tracks a file below `directory`; git does not know directories."""
    fact = host.file(directory)
    if fact is None or fact.kind != "directory":
        return False
    entries = [f"{directory}/{name}" for name in host.entries(directory) if name != ".git"][:200]
    if any(host.tracked_by_git(path) for path in entries):
        return True
    return depth > 0 and any(_holds_tracked(path, host, depth - 1) for path in entries)


def _below(path: str, directories: Sequence[str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in directories)


def _is_of_machine(path: str) -> bool:
    return path == "/" or any(path == one or path.startswith(f"{one}/") for one in _SYSTEM)


def _owner(services: Sequence[Service], engine: Engine) -> str:
    """Return ``uid:gid`` of the one user that writes there, '' for root or where nobody knows."""
    readers = [reader_of(service, engine, assume=True) for service in services]
    owners = {(one.uid, one.gids[:1]) for one in readers if not one.privileged}
    if len(owners) != 1:
        return ""
    uid, gids = owners.pop()
    return "" if uid is None else f"{uid}:{gids[0] if gids else uid}"
