"""Evidence -> wishes for the values that the project lacks, and where they may be written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from bootready.check.api import Context
from bootready.host.repository import repository_below_home
from bootready.knowledge.values.plain import Machine
from bootready.model.evidence import Host
from bootready.model.finding import Finding
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.plan.placed_values import placed_values
from bootready.plan.plain_values import unset_plain
from bootready.plan.value_places import Ground
from bootready.plan.values import wanted_values
from bootready.read.discover import FILE_NAMES, OVERRIDE_NAMES

_SOCKET = "/var/run/docker.sock"


def missing_values(
    context: Context, request: Request, environ: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield wishes for values; none where the project has run, as its data holds the old ones."""
    project, host = context.project, context.host
    if _has_run(context):
        return
    root = repository_below_home(project.directory) or project.directory
    ground = Ground(
        host,
        machine_of(host),
        root,
        _env_file(project, request, environ),
        _override(project, request, environ, host),
    )
    yield from wanted_values(project, ground)
    yield from placed_values(project, ground)
    yield from unset_plain(project, ground)


def _has_run(context: Context) -> bool:
    """Tell whether the engine has containers or volumes of the project, or a mounted directory
    holds what git does not know.
    """
    project, host, engine = context.project, context.host, context.engine
    if engine.reachable:
        known = {one.project for one in engine.containers()}
        known |= {one.project for one in engine.volume_facts()}
        if project.name in known:
            return True
    for service in project.services:
        for mount in service.mounts:
            fact = host.file(mount.source) if mount.kind == "bind" else None
            inside = mount.source.startswith(project.directory + "/")
            if fact is None or fact.kind != "directory" or not inside:
                continue
            if any(
                _is_foreign(host, f"{mount.source}/{name}") for name in host.entries(mount.source)
            ):
                return True
    return False


_DATA = ("PG_VERSION", "ibdata1", "mysql", "WiredTiger", "dump.rdb", "appendonlydir", "base")
"""What databases make in their directory."""


def _is_foreign(host: Host, path: str) -> bool:
    name = os.path.basename(path)
    return name in _DATA and not host.tracked_by_git(path)


def _env_file(project: Project, request: Request, environ: Mapping[str, str]) -> str:
    """Return the `.env` that Compose reads by itself, '' where the person named others."""
    named = request.env_files or environ.get("COMPOSE_ENV_FILES")
    if named or environ.get("COMPOSE_DISABLE_ENV_FILE"):
        return ""
    return os.path.join(project.directory, ".env")


def _override(project: Project, request: Request, environ: Mapping[str, str], host: Host) -> str:
    """Return where Compose looks for an override by itself, '' where it does not or has one."""
    variable = project.variables.get("COMPOSE_FILE")
    if request.files or environ.get("COMPOSE_FILE") or variable or not project.files:
        return ""
    directory, name = os.path.split(project.files[0])
    if name not in FILE_NAMES or directory != project.directory:
        return ""
    if any(host.file(os.path.join(directory, one)) for one in OVERRIDE_NAMES):
        return ""
    kind = "docker-compose" if name.startswith("docker-") else "compose"
    return os.path.join(directory, f"{kind}.override.{name.rpartition('.')[2]}")


def machine_of(host: Host) -> Machine:
    """Return what plain values are taken from, of the person who runs us and of this machine."""
    uid, gid = host.user()
    socket = host.file(_SOCKET)
    zone = (host.read_text("/etc/timezone", 100) or "").strip()
    addresses = [one for one in host.addresses() if "." in one and not one.startswith("127.")]
    return Machine(
        uid,
        gid,
        socket.gid if socket and socket.kind == "socket" else None,
        zone or "Etc/UTC",
        addresses[0] if addresses else "127.0.0.1",
    )
