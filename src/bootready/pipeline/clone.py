"""Takes the address of a repository; clones it, and finds the project in the clone."""

from __future__ import annotations

import os
from shlex import quote

from bootready.apply.clone import Cloned, clone
from bootready.errors import UsageError
from bootready.host.git import tracked_files
from bootready.knowledge.repositories import Repository
from bootready.model.printable import printable
from bootready.read.discover import FILE_NAMES
from bootready.typed import NamedTuple

_MOST = 8
"""Projects that are named where there are several."""


class Fetched(NamedTuple):
    """A clone and the directory of the project in it, as a path from where the command runs."""

    directory: str
    cloned: Cloned


def fetch(repository: Repository, into: str, command: str, *, searched: bool = True) -> Fetched:
    """Clone `repository` into `into`, and find the project; `command` is for hints.

    Without `searched` the person names the Compose files. Raises BootreadyError where nothing was
    cloned, UsageError where the clone has no project, or several.
    """
    cloned = clone(repository, os.path.abspath(into))
    if repository.directory:
        return Fetched(_inside(into, repository.directory), cloned)
    return Fetched(_project_in(into, command) if searched else into, cloned)


def _inside(clone_path: str, directory: str) -> str:
    path = os.path.join(clone_path, directory)
    root, real = os.path.realpath(clone_path), os.path.realpath(path)
    if not os.path.isdir(real) or not f"{real}/".startswith(f"{root}/"):
        raise UsageError(f"'{directory}' is not a directory of the repository")
    return path


def _project_in(clone_path: str, command: str) -> str:
    """Return the one directory of the clone that has a Compose file, above all others that do."""
    tracked = tracked_files(clone_path) or frozenset()
    found = sorted({os.path.dirname(path) for path in tracked if _is_compose(path)})
    if "" in found:
        return clone_path
    tops = [one for one in found if not any(one.startswith(f"{top}/") for top in found)]
    if len(tops) == 1:
        return _inside(clone_path, tops[0])
    if not tops:
        names = ", ".join(FILE_NAMES)
        raise UsageError(
            f"'{clone_path}' was cloned, but it has none of {names}",
            f"name one: bootready {command} -C {quote(clone_path)} -f FILE",
        )
    more = f", and {len(tops) - _MOST} more" if len(tops) > _MOST else ""
    names = printable(", ".join(f"'{one}'" for one in tops[:_MOST]))
    first = quote(os.path.join(clone_path, tops[0]))
    raise UsageError(
        f"'{clone_path}' was cloned, and has several projects: {names}{more}",
        f"name one: bootready {command} -C {first}",
    )


def _is_compose(path: str) -> bool:
    return os.path.basename(path) in FILE_NAMES
