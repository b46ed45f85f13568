"""A project -> its open state directory, made if need be, and the files in it: ours or refused."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from contextlib import suppress

from bootready.apply.files.directory import Directory, open_directory, set_mode
from bootready.apply.files.ground import Ground, RefusedError, within, write_all
from bootready.errors import BootreadyError
from bootready.host.repository import home_directories
from bootready.host.state import believed, state_directory, state_home
from bootready.system import IS_WINDOWS, O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, user_id
from bootready.typed import NamedTuple

PROJECT = "project"
"""The file that says whose state it is."""

_LIMIT = 64_000_000
"""Bytes; no journal is larger."""
_FLAGS = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK


class Place(NamedTuple):
    """The state directory of one project; `home` holds those of all, `project` is its real path."""

    path: str
    home: str
    project: str

    def make(self) -> Directory:
        """Return the open directory, made with its parents if it does not exist."""
        try:
            os.makedirs(os.path.dirname(self.home), 0o700, exist_ok=True)
            for path in (self.home, os.path.dirname(self.path), self.path):
                with suppress(FileExistsError):
                    os.mkdir(path, 0o700)
                    os.chmod(path, 0o700)  # whatever the umask is
        except OSError as error:
            raise BootreadyError(
                f"'{self.home}', where bootready keeps its state, cannot be written:"
                f" {error.strerror}",
                "set XDG_STATE_HOME to a directory that you own",
            ) from error
        return self.open()

    def open(self) -> Directory:
        """Return the open directory; raises RefusedError if it is not to be believed."""
        for path in (self.home, os.path.dirname(self.path), self.path):
            reason = believed(path)
            if reason:
                raise RefusedError(reason, "inspect it, and move it away")
        directory = open_directory(self.path)
        # What was looked at by name has to be what is open now.
        if directory.owner() != user_id():
            directory.close()
            raise RefusedError(f"'{self.path}' is not trusted: its owner changed")
        return directory

    def claim(self, directory: Directory) -> None:
        """Write down whose state it is; raises RefusedError if it is that of another project."""
        wanted = self.project.encode("utf-8", "surrogateescape") + b"\n"
        found = read_own(directory, PROJECT, self.path)
        if found is None:
            write_own(directory, PROJECT, wanted)
        elif found != wanted:
            raise RefusedError(f"'{self.path}' is the state of another project", "move it away")


def state_of(ground: Ground, directory: str, environ: Mapping[str, str] | None) -> Place:
    """Return where the state of the project in `directory` is kept; it need not exist."""
    environ = os.environ if environ is None else environ
    home = state_home(environ)
    root = os.path.realpath(ground.root)
    # A home directory is nobody's clone; anything else could bring along what lies in it.
    if within(os.path.realpath(home), root) and root not in home_directories():
        raise RefusedError(
            f"'{home}', where bootready keeps its state, is inside the project",
            "set XDG_STATE_HOME to a directory outside it",
        )
    return Place(state_directory(directory, environ), home, os.path.realpath(directory))


def read_own(directory: Directory, name: str, path: str) -> bytes | None:
    """Return a file of the state directory `path`, or None if there is none.

    Raises RefusedError if it is a link, no regular file, somebody else's or open to others.
    """
    try:
        file = directory.open(name, os.O_RDONLY | _FLAGS)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            raise _refused(path, name) from error
        raise
    with os.fdopen(file, "rb") as stream:
        fact = os.fstat(file)
        closed = IS_WINDOWS or not fact.st_mode & 0o077
        ours = fact.st_uid == user_id() and closed and fact.st_nlink == 1
        if not stat.S_ISREG(fact.st_mode) or not ours or fact.st_size > _LIMIT:
            raise _refused(path, name)
        return stream.read(_LIMIT)


def write_own(directory: Directory, name: str, content: bytes, *, append: bool = False) -> None:
    """Write a file of the state directory for good: whole or not at all, or a line at its end."""
    if not append:
        with suppress(FileNotFoundError):
            directory.unlink(f"{name}.new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS
        _written(directory.open(f"{name}.new", flags), content)
        directory.rename(f"{name}.new", name)
        return
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | _FLAGS
    file = directory.open(name, flags)
    size = os.fstat(file).st_size
    if size and _last(file, size) != b"\n":
        content = b"\n" + content  # a run killed in the middle of a line left it open
    _written(file, content)


def _last(file: int, size: int) -> bytes:
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1)


def _written(file: int, content: bytes) -> None:
    try:
        set_mode(file, 0o600)  # whatever the umask is
        write_all(file, content)
        os.fsync(file)
    finally:
        os.close(file)


def _refused(path: str, name: str) -> RefusedError:
    return RefusedError(
        f"'{path}/{name}' is not a file of your own that is closed to others, and is not believed",
        "inspect it, and move it away",
    )
