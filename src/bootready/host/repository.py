"""A directory -> the repository that it belongs to, where prepare may write without being told."""

from __future__ import annotations

import os

from bootready.fence import is_outside

_FIRST_PERSON = 500
"""User ids below are of programs (login.defs(5): 1000; macOS: 501), but for root."""


def repository_below_home(directory: str) -> str | None:
    """Return the nearest directory at or above `directory` that has a `.git`, or None.

    A home directory kept in git is not a project, so the search stops below every one.
    """
    passed: list[str] = []
    here = os.path.abspath(directory)
    while here != os.path.dirname(here):
        passed.append(here)
        if is_outside(os.path.join(here, ".git")):
            return None
        if os.path.lexists(os.path.join(here, ".git")):
            return None if home_directories().intersection(passed) else here
        here = os.path.dirname(here)
    return None


def followed(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the real path of an absolute `path`, and the symbolic links on the way to it.

    Each link is named by where it really lies: a `.git` behind one is no reason to follow it.
    """
    links = []
    here, rest = os.path.splitdrive(path)
    here += os.sep
    for name in filter(None, rest.split(os.sep)):
        there = os.path.join(here, name)
        if os.path.islink(there):
            links.append(there)
            there = os.path.realpath(there)
        here = there
    return here, tuple(links)


def leaves_repository(path: str) -> bool:
    """Tell whether a symbolic link of a repository leads from `path` out of it.

    Where there is no repository, it is whether `path` itself is a link out of its directory.
    """
    real, links = followed(os.path.abspath(path))
    for link in links:
        place = os.path.dirname(link)
        last = os.path.basename(link) == os.path.basename(path)
        root = repository_below_home(place) or (place if last else None)
        if root and not real.startswith(f"{os.path.realpath(root).rstrip(os.sep)}{os.sep}"):
            return True
    return False


def written_at(path: str, root: str) -> str:
    """Return where a file at `path` is to be written: the target of a link that stays in `root`.

    A clone may have its `.env` as a link to that of a directory above. Anything else is `path`:
    also a link that leads to what git reads, or what is no env file by its name.
    """
    if is_outside(path) or not os.path.islink(path):
        return path
    real = os.path.realpath(path)
    inside = real.startswith(f"{os.path.realpath(root).rstrip(os.sep)}{os.sep}")
    if not inside or os.path.islink(real):
        return path
    below = os.path.relpath(real, os.path.realpath(root))
    *directories, name = below.split(os.sep)
    if "env" not in name.lower() or any(one.lower() == ".git" for one in directories):
        return path
    return os.path.join(root, below)


def home_directories() -> frozenset[str]:
    """Return the home directories of the people of this machine, root among them, and $HOME."""
    people = _homes_of_people()
    named = {os.path.normpath(path) for path in (*people, os.path.expanduser("~"))}
    return frozenset(named | {os.path.realpath(path) for path in named}) - {"/"}


def _homes_of_people() -> list[str]:
    try:
        import pwd
    except ImportError:  # Windows has no such list
        return []
    accounts = pwd.getpwall()
    return [one.pw_dir for one in accounts if one.pw_uid == 0 or one.pw_uid >= _FIRST_PERSON]
