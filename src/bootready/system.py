"""What Python's `os` has on Linux and macOS only -> the same names everywhere.

On Windows a flag that does not exist is 0, a user is nobody in particular, and a file belongs to
whoever could open it. Modules that read import these names from here, and `fcntl`, `grp` and `pwd`
only where they are used. https://docs.python.org/3/library/os.html says which name is where.
"""

from __future__ import annotations

import os

from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

IS_WINDOWS = not hasattr(os, "geteuid")
"""By what is there, not by name: what counts is what we can call."""

_BYTES: int = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
O_CLOEXEC: int = getattr(os, "O_CLOEXEC", _BYTES)
"""On Windows also what keeps CRLF from being read as LF."""
O_NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)
O_NOCTTY: int = getattr(os, "O_NOCTTY", 0)
O_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
O_DIRECTORY: int = getattr(os, "O_DIRECTORY", 0)


def user_id() -> int:
    """Return the effective user id; 0 on Windows, which is what `os.stat` says of every file."""
    return 0 if IS_WINDOWS else os.geteuid()


def group_id() -> int:
    """Return the effective group id; 0 on Windows."""
    return 0 if IS_WINDOWS else os.getegid()


def is_superuser() -> bool:
    """Tell whether we may give files to others; never on Windows."""
    return not IS_WINDOWS and os.geteuid() == 0


def use_forward_slashes() -> None:
    """Let `os.path` and `os.getcwd` of this process write paths of Windows as ``C:/a/b``.

    Windows takes both, and so do Compose, git and the engine; ours then is one form to compare.
    """
    if not IS_WINDOWS:
        return

    def forward(function: Callable[..., str]) -> Callable[..., str]:
        def forwarded(*words: str, **more: object) -> str:
            try:
                return function(*words, **more).replace("\\", "/")
            except ValueError:  # relpath, of two drives
                return words[0].replace("\\", "/")

        return forwarded

    from types import ModuleType

    paths = ModuleType("os.path")  # beside ntpath, whose own functions count on each other
    paths.__dict__.update(vars(os.path))
    for name in ("abspath", "expanduser", "join", "normpath", "realpath", "relpath"):
        setattr(paths, name, forward(getattr(os.path, name)))
    os.path = paths
    for name in ("getcwd", "readlink"):
        setattr(os, name, forward(getattr(os, name)))
