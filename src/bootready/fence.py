"""Directories that may be looked at -> whether a path is outside them, wherever it is asked for.

A server that answers others looks at the directories that it was given, and at nothing else. Every
module that asks the disk for a path which a project names asks here first, so that no answer tells
whether something outside exists, or what it is.
"""

from __future__ import annotations

import os
import sys

from bootready.system import IS_WINDOWS
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FENCES: list[str] = []
_LINKS = 40
"""Links on one path, as for Linux (path_resolution(7))."""


class fenced:  # noqa: N801 - read as `with fenced(roots):`; contextlib is slow to import
    """For as long as it lasts, only what is below the directories `roots` (real paths) is seen.

    Links are followed before it is judged. Not for two answers at a time: it holds for all threads.
    """

    def __init__(self, roots: Sequence[str]) -> None:
        self.roots = roots
        self._before: list[str] = []

    def __enter__(self) -> None:
        """Put the fences up."""
        self._before = list(_FENCES)
        _FENCES[:] = self.roots

    def __exit__(self, *_: object) -> None:
        """Leave the fences that were there before."""
        _FENCES[:] = self._before


def is_outside(path: str) -> bool:
    """Tell whether `path` may not be looked at: never without a fence.

    The path is followed as the system would, link by link, up to the first step that is
    outside: what is there is not even asked whether it is a link.
    """
    if not _FENCES:
        return False
    here = os.path.join(os.getcwd(), path.replace("\0", ""))
    if IS_WINDOWS:
        return not _is_seen(os.path.realpath(here))
    current, waiting, links = "", _parts(here), 0
    while waiting:
        part = waiting.pop()
        if part == "..":
            current = current.rpartition("/")[0]
            continue
        there = f"{current}/{part}"
        if not (_is_seen(there) or any(root.startswith(f"{there}/") for root in _FENCES)):
            return True
        try:
            target = os.readlink(there)
        except OSError:
            current = there
            continue
        links += 1
        if links > _LINKS:
            return True
        current = "" if target.startswith("/") else current
        waiting += _parts(target)
    return not _is_seen(current or "/")


def is_open_outside(descriptor: int) -> bool:
    """Tell whether an open file may not be looked at: never without a fence.

    Between the question for its path and the opening, another process may have exchanged a link.
    Linux (proc_pid_fd(5)) and macOS (fcntl(2), F_GETPATH) tell what was opened; elsewhere nothing
    is known against it.
    """
    if not _FENCES or IS_WINDOWS:
        return False
    try:
        if sys.platform == "darwin":
            import fcntl

            name = fcntl.fcntl(descriptor, fcntl.F_GETPATH, bytes(1024))
            return not _is_seen(os.fsdecode(name.rstrip(b"\0")))
        return not _is_seen(os.readlink(f"/proc/self/fd/{descriptor}"))
    except OSError:
        return True


def is_below(path: str, root: str) -> bool:
    """Tell whether `path` is the directory `root` or in it, as both are written."""
    return f"{path}/".startswith(f"{root.rstrip('/')}/")


def _parts(path: str) -> list[str]:
    """Return the parts of a path, the last one first."""
    return [part for part in reversed(path.split("/")) if part not in {"", "."}]


def _is_seen(path: str) -> bool:
    return any(is_below(path, root) for root in _FENCES)
