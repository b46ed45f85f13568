"""A file that the person named for an output, and its text -> the file, whole or not at all.

The one writer of every `--output`, `-o`, `--out` and `--report`: a name in a clone may be a link
that somebody else laid there, and leads nowhere outside of it.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from bootready.apply.files.directory import open_directory, set_mode
from bootready.apply.files.ground import RefusedError, temporary, within, write_all
from bootready.host.repository import followed, repository_below_home
from bootready.system import O_CLOEXEC, O_NOFOLLOW

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | O_NOFOLLOW | O_CLOEXEC


def write_output(path: str, text: str | bytes, mode: int = 0o666) -> None:
    """Write `text` (UTF-8) or bytes to the file `path`, durable; an existing file keeps its mode.

    `mode` are the octal bits of a new file, less the umask. A device or pipe, such as
    /dev/stdout, is written to as it is. Raises RefusedError for a symbolic link that leads out of
    the repository, and OSError.
    """
    content = text if isinstance(text, bytes) else text.encode(errors="backslashreplace")
    target = _target(path)
    if os.path.exists(target) and not os.path.isfile(target):
        _write_through(target, content)
        return
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(os.stat(target, follow_symlinks=False).st_mode)
    directory, name = os.path.split(target)
    parent = open_directory(directory)
    temp = temporary(name)
    try:
        descriptor = parent.open(temp, _NEW, mode)
        try:
            if os.path.exists(target):
                set_mode(descriptor, mode)
            write_all(descriptor, content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        parent.rename(temp, name)
        parent.sync()
    finally:
        with suppress(FileNotFoundError):
            parent.unlink(temp)
        parent.close()


def make_output_directory(path: str) -> None:
    """Make the directory `path` for outputs, unless it is there.

    Raises RefusedError for a symbolic link that leads out of the repository, and OSError.
    """
    os.makedirs(os.path.dirname(_target(os.path.join(path, "page"))), exist_ok=True)


def append_output(path: str, text: str) -> None:
    """Append `text` to the file `path`, which another program made for it; OSError if it cannot."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | O_NOFOLLOW | O_CLOEXEC
    descriptor = os.open(path, flags, 0o666)
    try:
        write_all(descriptor, text.encode(errors="backslashreplace"))
    finally:
        os.close(descriptor)


def _target(path: str) -> str:
    """Return the real path to write, without a link in it; a link must not leave its repository."""
    real, links = followed(os.path.abspath(path))
    for place in map(os.path.dirname, links):
        root = repository_below_home(place) or _working_directory(place)
        if root and not within(real, os.path.realpath(root)):
            raise RefusedError(
                f"'{path}' leads through a symbolic link to '{real}'; nothing is written there",
                "to write there, name that file itself",
            )
    return real


def _working_directory(directory: str) -> str:
    """Return where we are if `directory` is in it: what is named from here is meant to be here."""
    here = os.getcwd()
    return here if within(directory, here) else ""


def _write_through(target: str, content: bytes) -> None:
    descriptor = os.open(target, os.O_WRONLY | O_CLOEXEC)
    try:
        write_all(descriptor, content)
    finally:
        os.close(descriptor)
