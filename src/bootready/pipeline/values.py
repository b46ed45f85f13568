"""Evidence -> wishes for the values that the project lacks, and where they may be written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from bootready.check.api import Context
from bootready.host.repository import repository_below_home, written_at
from bootready.model.action import SetVariable
from bootready.model.evidence import Host
from bootready.model.finding import Finding, Verdict
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.read.discover import FILE_NAMES, OVERRIDE_NAMES, locate
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.knowledge.values.plain import Machine
    from bootready.plan.repair import Repair
    from bootready.plan.value_places import Ground, Override

_SOCKET = "/var/run/docker.sock"


def missing_values(
    context: Context, request: Request, environ: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield wishes for values; none where the project has run, as its data holds the old ones."""
    project = context.project
    if not _lacks_a_value(context) or _has_run(context):
        return
    from bootready.plan.optional_values import optional_values
    from bootready.plan.placed_values import placed_values
    from bootready.plan.plain_values import unset_plain
    from bootready.plan.values import wanted_values

    ground = _ground(context, request, environ)
    yield from wanted_values(project, ground)
    yield from placed_values(project, ground)
    yield from unset_plain(project, ground)
    yield from optional_values(project, ground)


def _lacks_a_value(context: Context) -> bool:
    """Tell whether anything is without a value, or has one that is none: else nothing is wished.

    It is asked first, as what answers wishes is a third of what a small project needs.
    """
    from bootready.check.placeholders import faulty_among
    from bootready.check.value_uses import value_uses

    project = context.project
    for one in (use.reference for use in project.uses):
        known = project.variables_in(one.span.file).get(one.name)
        if one.operator in {"", "?", ":?"} and (known is None or not one.is_set):
            return True
    uses = value_uses(project)
    return any(not use.value for use in uses) or bool(faulty_among(uses, context.host))


def literal_repairs(
    context: Context, request: Request, environ: Mapping[str, str]
) -> Iterator[Repair]:
    """Yield the edits that let the `.env` set what stands in a Compose file as a placeholder."""
    from bootready.plan.literal_repair import literals_as_references

    yield from literals_as_references(context.project, _ground(context, request, environ))


def with_hints(
    context: Context, request: Request, environ: Mapping[str, str], verdict: Verdict
) -> Verdict:
    """Return the verdict with `fix` as the next step for placeholders that `prepare` alone leaves.

    The edits are not proved here: it is a hint.
    """
    if not any(one.check_id == "value-placeholder" for one in verdict.findings):
        return verdict
    found = [one.finding for one in literal_repairs(context, request, environ)]
    spans = {
        place.span for one in found for place in (one.primary, *one.related) if place is not None
    }

    def hinted(finding: Finding) -> Finding:
        places = (finding.primary, *finding.related)
        literal = any(place is not None and place.span in spans for place in places)
        if finding.check_id != "value-placeholder" or not literal:
            return finding
        return finding._replace(hint="bootready fix --apply && bootready prepare")

    return verdict._replace(findings=tuple(map(hinted, verdict.findings)))


def literals_left(
    context: Context, request: Request, environ: Mapping[str, str], verdict: Verdict
) -> tuple[str, ...]:
    """Return in words which placeholders stay until `fix` has made variables of them."""
    if not any(one.check_id == "value-placeholder" for one in verdict.apart):
        return ()
    repairs = literal_repairs(context, request, environ)
    return tuple(dict.fromkeys(one.finding.message for one in repairs))


def tracked_settings(
    context: Context, request: Request, environ: Mapping[str, str]
) -> Iterator[Repair]:
    """Yield lines for a `.env` that git tracks: what Compose requires, is no secret and is told."""
    project = context.project
    required = {one.subject for one in project.problems if one.kind == "required-variable-unset"}
    if not required:
        return
    ground = _ground(context, request, environ)
    if not context.host.tracked_by_git(ground.env_file):
        return
    from bootready.plan.placed_values import placed_values
    from bootready.plan.plain_values import unset_plain
    from bootready.plan.required_repair import line_repair

    ground = ground._replace(edits_tracked=True)
    for found in (*placed_values(project, ground), *unset_plain(project, ground)):
        actions = found.remedy.actions if found.remedy else ()
        for one in actions:
            if isinstance(one, SetVariable) and one.name in required:
                required.discard(one.name)
                yield line_repair(project, found, one)


def _ground(context: Context, request: Request, environ: Mapping[str, str]) -> Ground:
    from bootready.plan.value_places import Ground

    project, host = context.project, context.host
    env_file = env_file_of(project, request, environ)
    own = "" if names_env_files(request, environ) else env_file
    override = _override(project, request, environ, host, own)
    return Ground(host, machine_of(host), _root(project), env_file, override)


def _root(project: Project) -> str:
    return repository_below_home(project.directory) or project.directory


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


def names_env_files(request: Request, environ: Mapping[str, str]) -> bool:
    """Tell whether the person named other env files than the `.env`."""
    return bool(request.env_files or environ.get("COMPOSE_ENV_FILES"))


def env_file_of(project: Project, request: Request, environ: Mapping[str, str]) -> str:
    """Return the env file whose values count: the last that the person named, or the `.env`.

    '' where the person wants none, or named one that is not the project's.
    """
    if names_env_files(request, environ):
        last = project.env_files[-1] if project.env_files else ""
        return last if last.startswith(f"{_root(project)}/") else ""
    if environ.get("COMPOSE_DISABLE_ENV_FILE"):
        return ""
    return written_at(os.path.join(project.directory, ".env"), _root(project))


def _override(
    project: Project, request: Request, environ: Mapping[str, str], host: Host, env_file: str
) -> Override:
    """Return where an override of ours may be: the one that Compose looks for by itself, or, where
    the project has its own, one that the `.env` names in COMPOSE_FILE. None beside `-f`.
    """
    from bootready.plan.value_places import Override

    if request.files or environ.get("COMPOSE_FILE"):
        return Override()
    found = locate(request, environ)
    directory, name = os.path.split(found.files[0])
    named = project.variables.get("COMPOSE_FILE")
    inside = directory == project.directory == found.working_directory
    if not (named and named.value) and name in FILE_NAMES and directory == project.directory:
        kind = "docker-compose" if name.startswith("docker-") else "compose"
        path = os.path.join(directory, f"{kind}.override.{name.rpartition('.')[2]}")
        if not any(host.file(os.path.join(directory, one)) for one in OVERRIDE_NAMES):
            return Override(path, found.files)
    path = os.path.join(directory, _NAME)
    if not inside or not env_file or host.file(path) or (named and named.source != env_file):
        return Override()
    separator = project.variables.get("COMPOSE_PATH_SEPARATOR")
    mark = (separator.value if separator else "") or os.pathsep
    names = [os.path.relpath(one, directory) for one in found.files]
    if any(mark in one or not one.isascii() for one in names):
        return Override()
    return Override(path, found.files, mark.join([*names, _NAME]), named.line if named else 0)


_NAME = "compose.bootready.yaml"


def machine_of(host: Host) -> Machine:
    """Return what plain values are taken from, of the person who runs us and of this machine."""
    from bootready.knowledge.values.plain import Machine

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
