"""A directory -> the Compose projects of the repository that lie in it, as Compose finds them.

See docs/adr/0073-how-the-projects-of-a-repository-are-found.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from bootready.host.git import tracked_files
from bootready.host.regular import read_regular
from bootready.host.repository import repository_below_home
from bootready.read.discover import FILE_NAMES, OVERRIDE_NAMES
from bootready.read.nearby import SKIPPED, is_variant
from bootready.typed import NamedTuple

_LIMIT = 10_000_000
"""Bytes of a Compose file that are looked at for the word `include`."""


class Place(NamedTuple):
    """A directory in which Compose finds a project, its first file there, and whether its files may
    include others.
    """

    directory: str
    file: str = ""
    includes: bool = False


class Variant(NamedTuple):
    """A Compose file that Compose does not load by itself, and the one that it would be given
    after, '' for none. Both are absolute.
    """

    path: str
    base: str


class Places(NamedTuple):
    """What there is in a directory, sorted."""

    projects: tuple[Place, ...]
    variants: tuple[Variant, ...]


def places_in(directory: str) -> Places:
    """Return the projects at and below `directory`, an absolute path.

    In a repository these are of files that git tracks, otherwise of all files; what is below hidden
    directories, or `node_modules`, is then left out.
    """
    by_directory: dict[str, list[str]] = {}
    for path in _files(directory):
        folder, name = os.path.split(path)
        if name.endswith((".yaml", ".yml")) and "compose" in name:
            by_directory.setdefault(folder, []).append(name)
    projects: list[Place] = []
    variants: list[Variant] = []
    for folder, names in sorted(by_directory.items()):
        base = next((name for name in FILE_NAMES if name in names), "")
        if base:
            loaded = [base, *(name for name in OVERRIDE_NAMES if name in names)]
            paths = [os.path.join(folder, name) for name in loaded]
            projects.append(Place(folder, paths[0], any(map(_may_include, paths))))
        variants += [
            Variant(os.path.join(folder, name), base and os.path.join(folder, base))
            for name in sorted(names)
            if is_variant(name)
        ]
    return Places(tuple(projects), tuple(variants))


def _files(directory: str) -> Iterator[str]:
    """Yield the absolute paths of the files of the repository that lie in `directory`."""
    root = repository_below_home(directory)
    tracked = tracked_files(root) if root else None
    if root is None or tracked is None:
        yield from _walked(directory)
        return
    start = "" if directory == root else f"{os.path.relpath(directory, root)}/"
    for name in tracked:
        if name.startswith(start):
            path = f"{root}/{name}"
            if os.path.isfile(path):  # it may have been removed since
                yield path


def _walked(directory: str) -> Iterable[str]:
    for folder, names, files in os.walk(directory):
        names[:] = [name for name in names if name not in SKIPPED and not name.startswith(".")]
        for name in files:
            yield os.path.join(folder, name)


def _may_include(path: str) -> bool:
    try:
        return b"include" in read_regular(path, _LIMIT)
    except OSError:
        return False
