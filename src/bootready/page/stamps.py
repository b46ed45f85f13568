"""A project -> the files that decide what is said of it, there or not, and marks of them.

A file that comes later counts as much as one that changes: a `.env`, an override, a secret.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from bootready.check.settings import FILES as SETTINGS
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.read.discover import FILE_NAMES, OVERRIDE_NAMES

Stamps = tuple[tuple[str, int, int], ...]

_FOUND_BY_NAME = (".env", *FILE_NAMES, *OVERRIDE_NAMES, *SETTINGS)
_ABSENT_KINDS = frozenset({"env-file-missing", "label-file-missing"})
_WRITTEN = (".log", ".db", ".sqlite", ".sqlite3", ".pid")
"""Files that a service writes all the time; a page that is made anew for each is of no use."""


def stamps_of(files: Iterable[str]) -> Stamps:
    """Return name, time (ns) and length (bytes) of each file; -1 for both: there is none."""
    found = []
    for name in files:
        try:
            known = os.stat(name)
            found.append((name, known.st_mtime_ns, known.st_size))
        except (OSError, ValueError):  # no path has a null byte
            found.append((name, -1, -1))
    return tuple(found)


def files_of(project: Project, request: Request) -> tuple[str, ...]:
    """Return the absolute paths of all files that the project is made of, or would be if they came.

    Those that are read, those that Compose looks for by their names where the command runs and up
    to the project, env files that do not exist, secrets, configs, and files that services mount.
    """
    named = [*project.files, *project.env_files, *project.sources, *project.absent_files]
    named += [one.subject for one in project.problems if one.kind in _ABSENT_KINDS]
    named += [
        os.path.join(directory, name)
        for directory in _directories(project, request)
        for name in _FOUND_BY_NAME
    ]
    named += [one.file for one in (*project.secrets, *project.configs) if one.file]
    named += _mounted(project)
    return tuple(dict.fromkeys(name for name in named if os.path.isabs(name)))


def _directories(project: Project, request: Request) -> Iterator[str]:
    yield project.directory
    here = os.path.abspath(request.directory)
    yield here
    while here != project.directory and here.startswith(f"{project.directory.rstrip('/')}/"):
        here = os.path.dirname(here)
        yield here


def _mounted(project: Project) -> Iterator[str]:
    for service in project.services:
        for mount in service.mounts:
            if mount.kind != "bind":
                continue
            kept = not mount.read_only and mount.source.endswith(_WRITTEN)
            try:
                is_other = os.path.exists(mount.source) and not os.path.isfile(mount.source)
            except ValueError:
                is_other = False
            if not kept and not is_other:
                yield mount.source
