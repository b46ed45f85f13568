"""Where writing is allowed: an absolute path -> its open parent directory, or a refusal.

Every step of the way is opened without following symbolic links, so that nothing put in the way
can lead a write out of the project.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from bootready.apply.files.directory import Directory, open_directory
from bootready.errors import BootreadyError
from bootready.host.repository import repository_below_home
from bootready.system import is_superuser
from bootready.typed import NamedTuple


class RefusedError(BootreadyError):
    """A write that would go where nothing may be written."""


class Owner(NamedTuple):
    """A user and a group of the host, by number; None leaves that one as it is."""

    uid: int | None
    gid: int | None


ANYBODY = Owner(None, None)


class Ground(NamedTuple):
    """The directory that may be written in, and the paths outside of it that were agreed to.

    `root` is the project's repository (or its directory), absolute. `owner` is who gets what is
    made when nothing else is said: the owner of `root` where we run as the superuser.
    """

    root: str
    outside: tuple[str, ...] = ()
    owner: Owner = ANYBODY

    def covers(self, path: str) -> bool:
        """Tell whether `path` may be written; the way to an agreed path may be made as well."""
        return within(path, self.root) or any(
            within(path, one) or within(one, path) for one in self.outside
        )


def ground_of(directory: str, outside: tuple[str, ...] = ()) -> Ground:
    """Return the ground of the project in `directory`: its git repository, if it is in one."""
    root = repository_below_home(directory) or os.path.abspath(directory)
    owner = ANYBODY
    if is_superuser() and os.path.exists(root):
        fact = os.stat(root)
        owner = Owner(fact.st_uid, fact.st_gid)
    return Ground(root, outside, owner)


def within(path: str, directory: str) -> bool:
    """Tell whether `path` is `directory` or lies in it, by name alone."""
    path, directory = os.path.normpath(path), os.path.normpath(directory)
    return path == directory or path.startswith(directory.rstrip("/") + "/")


@contextmanager
def parent_of(ground: Ground, path: str) -> Iterator[tuple[Directory, str]]:
    """Open the directory that holds `path`; yield it and the last name.

    Raises RefusedError outside the ground or where a symbolic link is in the way, FileNotFoundError
    where the directory does not exist.
    """
    if "\0" in path:
        raise RefusedError(f"'{path}' contains a null byte, which is not allowed in a path")
    base, parts = _split(ground, path)
    here = open_directory(base, follow=True)
    try:
        for index, part in enumerate(parts[:-1]):
            following = _step(here, part, "/".join((base, *parts[: index + 1])))
            here.close()
            here = following
        yield here, parts[-1]
    finally:
        here.close()


def is_there(path: str) -> bool:
    """Tell whether something is at `path`; raises RefusedError for a link that leads nowhere."""
    if not os.path.lexists(path):
        return False
    if os.path.islink(path) and not os.path.exists(path):
        raise RefusedError(
            f"'{path}' is a symbolic link to '{os.readlink(path)}', which does not exist",
            "create its target, or remove the link",
        )
    return True


def refuse_link(path: str) -> RefusedError:
    """Return what to raise where `path` itself was found to be a symbolic link."""
    return RefusedError(
        f"'{path}' is a symbolic link; nothing is written through it",
        f"it points to '{os.readlink(path)}'" if os.path.islink(path) else "",
    )


def missing_parents(ground: Ground, path: str) -> list[str]:
    """Return the directories on the way to `path` that do not exist, outermost first."""
    base, parts = _split(ground, path)
    ways = ["/".join((base.rstrip("/"), *parts[:count])) for count in range(1, len(parts))]
    return [way for way in ways if not os.path.lexists(way)]


def temporary(name: str) -> str:
    """Return a name beside `name` that nothing else has."""
    return f".{name[:200]}.bootready-{os.urandom(6).hex()}"


def is_temporary(name: str) -> bool:
    """Tell whether `name` is one that `temporary` makes: a single name, never a path."""
    return re.fullmatch(r"\.[^/\0]{1,200}\.bootready-[0-9a-f]{12}", name, re.DOTALL) is not None


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte of `content`; a write may take only a part."""
    while content:
        content = content[os.write(descriptor, content) :]


def _split(ground: Ground, path: str) -> tuple[str, list[str]]:
    path = os.path.normpath(path)
    if within(path, ground.root):
        base = ground.root
    elif ground.covers(path):
        base = _existing_ancestor(path)
    else:
        raise RefusedError(
            f"'{path}' is outside the project '{ground.root}'",
            "create it yourself, or allow it with --outside",
        )
    parts = os.path.relpath(path, base).split("/")
    if parts == ["."]:
        raise RefusedError(f"'{path}' is the project directory itself")
    return base, parts


def _existing_ancestor(path: str) -> str:
    here = os.path.dirname(path)
    while not os.path.isdir(here):
        here = os.path.dirname(here)
    return here


def _step(here: Directory, part: str, way: str) -> Directory:
    try:
        return here.step(part)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            kind = "a symbolic link" if os.path.islink(way) else "not a directory"
            raise RefusedError(f"'{way}' is {kind}; nothing is written through it") from error
        raise
