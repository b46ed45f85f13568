"""A project -> the paths that it is made of; a revision -> the files that changed since."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bootready.engine.run import Outcome, run
from bootready.errors import EngineError, UsageError
from bootready.host.edited import edited_files
from bootready.knowledge.secrets.forms import masked
from bootready.model.lookup import entries_at, items_at, text_at
from bootready.model.printable import printable
from bootready.model.project import Project, Service

_SAFE = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat")
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_NAMESPACE")
"""Variables that would lead git to another repository."""


_LOCAL = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch what it lacks, by its own program
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}


def changed_since(root: str, revision: str) -> frozenset[str]:
    """Return the absolute paths of what differs from `revision` in the repository at `root`.

    Counted from where the branch left it, with what is staged or edited. No program of the
    repository runs: no hook, no filter, no external diff. Raises UsageError for a revision that
    git does not know.
    """
    said = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if said.exit_code:
        last = said.stderr.strip().splitlines()[-1:]
        words = f": {printable(masked(last[0]))}" if last else ""
        raise UsageError(
            f"--changed-since '{revision}' is not a commit that git knows here{words}",
            "a shallow clone lacks it: fetch it first (actions/checkout: fetch-depth: 0)",
        )
    commit = said.stdout.strip()
    base = _git(root, "merge-base", commit, "HEAD").stdout.strip() or commit
    staged = _git(root, "diff-index", "--cached", "--name-only", "--no-renames", "-z", base)
    if staged.exit_code:
        raise UsageError(f"git cannot compare with '{revision}': {_last(staged)}")
    names = {*staged.stdout.split("\0"), *edited_files(root)}
    return frozenset(f"{root}/{name}" for name in names if name)


def is_touched(project: Project, changed: Iterable[str]) -> bool:
    """Tell whether one of the `changed` paths is of the project: its files, their env files,
    includes, build contexts, mounted files, or what lies beside its first file to steer it.
    """
    paths = paths_of(project)
    return any(
        path == one or path.startswith(f"{one}/") or _steers(path, project.directory)
        for path in changed
        for one in paths
    )


def paths_of(project: Project) -> frozenset[str]:
    """Return the files and directories that the project refers to, absolute."""
    found = {*project.files, *project.env_files, *project.sources}
    for service in project.services:
        found.update(_of_service(service))
    found.update(one.file for one in (*project.secrets, *project.configs) if one.file)
    found.update(volume.device for volume in project.volumes if volume.device)
    absolute = (os.path.join(project.directory, path) for path in found if "://" not in path)
    return frozenset(map(os.path.normpath, absolute))


def _of_service(service: Service) -> Iterable[str]:
    yield from (mount.source for mount in service.mounts if mount.kind == "bind" and mount.source)
    yield from (entry.env_file for entry in service.environment if entry.env_file)
    for key in ("env_file", "label_file"):
        for index, _ in items_at(service.node, key):
            path = text_at(service.node, key, index) or text_at(service.node, key, index, "path")
            if path:
                yield path
    if service.build is None:
        return
    context = service.build.context
    yield context
    yield os.path.join(context, service.build.dockerfile or "Dockerfile")
    for name, _ in entries_at(service.node, "build", "additional_contexts"):
        yield text_at(service.node, "build", "additional_contexts", name)


def _steers(path: str, directory: str) -> bool:
    """Tell whether a file at `path` says how the project in `directory` is loaded or checked."""
    folder, name = os.path.split(path)
    return folder == directory and (name.startswith((".env", "bootready")) or "compose" in name)


def _git(root: str, *arguments: str) -> Outcome:
    settings = [word for setting in _SAFE for word in ("-c", setting)]
    quiet = {**dict.fromkeys(_ELSEWHERE), **_LOCAL}
    try:
        return run(("git", "-C", root, *settings, *arguments), env=quiet, timeout=120)
    except EngineError as error:
        raise UsageError(f"--changed-since needs git: {error.message}") from None


def _last(outcome: Outcome) -> str:
    lines = outcome.stderr.strip().splitlines() or [f"exit code {outcome.exit_code}"]
    return printable(masked(lines[-1]))
