"""The path of a Compose or env file -> its text, or a ProjectError that says why there is none."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time

from bootready.errors import ProjectError
from bootready.fence import is_open_outside, is_outside
from bootready.model.position import Location, Span
from bootready.model.problem import Problem
from bootready.typed import Mapping

SIZE_LIMIT = 32 * 1024 * 1024
"""Bytes. No Compose file comes near it; what is larger is a mistake, or a device without an end."""
PIPE_PATIENCE = 1.0
"""Seconds that a pipe has to be opened by somebody who writes to it."""
STDIN = "-"


_UNSAVED: dict[str, bytes] = {}


class unsaved:  # noqa: N801 - read as `with unsaved(texts):`; contextlib is slow to import
    """For as long as it lasts, files have the texts that an editor has not saved yet.

    `texts` are given by absolute path. Not for more than one thread: an editor has one.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def __enter__(self) -> None:
        """Put the texts in the place of the files."""
        _UNSAVED.update((path, text.encode(errors="replace")) for path, text in self.texts.items())

    def __exit__(self, *_: object) -> None:
        """Let the files be what they are on disk."""
        _UNSAVED.clear()


OUTSIDE = "file-outside"
"""The kind of the problem that a file is outside the directories that may be read."""


class SourceError(ProjectError):
    """A file cannot be read, or is no text."""


def read_text(path: str, location: Location | None = None) -> str:
    """Return the text of the file at `path` (absolute, or ``-`` for standard input).

    `location` is where the path was written, if anywhere. A byte order mark is taken off, and
    UTF-16 with one is read, as Compose's YAML library does. Raises SourceError.
    """
    return decoded(read_bytes(path, location), path)


def read_bytes(path: str, location: Location | None = None) -> bytes:
    """Return the bytes of the file at `path`. Raises SourceError."""
    if path in _UNSAVED:
        return _UNSAVED[path]
    refuse_outside(path, location)
    try:
        if path == STDIN:
            data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
        else:
            fact = os.stat(path)
            mode = fact.st_mode
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(21, "is a directory")
            if _is_special(path, fact):
                raise OSError(errno.EINVAL, "not a regular file")  # noqa: TRY301 - as above
            if stat.S_ISFIFO(mode) and _has_name(path):
                data = _all_of_pipe(path, location)
            else:
                with open(path, "rb", buffering=0) as stream:
                    data = _all_within(stream.fileno(), path, location)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise refused("file-unreadable", f"file '{path}': {reason}", location, path) from error
    except ValueError as error:
        # A path with a NUL in it.
        message = f"file {path!r}: the path is not valid"
        raise refused("file-unreadable", message, location, path) from error
    if len(data) > SIZE_LIMIT:
        limit = SIZE_LIMIT // 1024 // 1024
        message = f"file '{path}': larger than {limit} MiB"
        raise refused("file-too-large", message, location, path)
    return data


def refuse_outside(path: str, location: Location | None = None) -> None:
    """Raise SourceError if `path` is outside the directories that may be looked at."""
    if is_outside(path):
        raise _outside(path, location)


def decoded(data: bytes, file: str) -> str:
    """Return `data` as text. Raises SourceError with the place of the first byte that is none."""
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    try:
        # The codec `utf-8-sig` is a module to load, for three bytes.
        return data.removeprefix(b"\xef\xbb\xbf").decode(encoding)
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - before.rfind(b"\n")
        shown = f"byte 0x{error.object[error.start]:02X}"
        words = "is not valid UTF-8" if encoding == "utf-8" else "is not valid UTF-16"
        place = Location(Span(file, line, column, line, column + 1))
        raise refused("encoding", f"{shown} {words}", place, file) from error


def refused(kind: str, message: str, location: Location | None, subject: str) -> SourceError:
    """Return the error with one fatal problem."""
    return SourceError([Problem(kind, message, location, True, subject)])


def _outside(path: str, location: Location | None) -> SourceError:
    message = f"file '{path}': is outside the directories that may be read"
    return refused(OUTSIDE, message, location, path)


def _all_within(descriptor: int, path: str, location: Location | None) -> bytes:
    if is_open_outside(descriptor):
        raise _outside(path, location)
    return _all_of(descriptor)


def _all_of(descriptor: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while size <= SIZE_LIMIT and (part := os.read(descriptor, 1 << 20)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _is_special(path: str, fact: os.stat_result) -> bool:
    """Tell what is not to be opened at all: reading a device may block, opening one may arm it.

    /dev/null is an empty file to many, and a process's own inputs are what its caller gave it.
    """
    if stat.S_ISCHR(fact.st_mode):
        is_given = path == "/dev/stdin" or path.startswith(("/dev/fd/", "/proc/self/fd/"))
        return not is_given and fact.st_rdev != os.makedev(1, 3)
    if stat.S_ISREG(fact.st_mode):
        return fact.st_size == 0 and os.path.realpath(path).startswith(("/proc/", "/sys/"))
    return stat.S_ISBLK(fact.st_mode)


def _has_name(path: str) -> bool:
    """Tell a named pipe from that of ``-f <(command)``, which can be opened without waiting."""
    return os.path.exists(os.path.realpath(path))


def _all_of_pipe(path: str, location: Location | None) -> bytes:
    """Return all that somebody writes to a named pipe; wait only for somebody who has it open."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if is_open_outside(descriptor):
            raise _outside(path, location)
        patience = time.monotonic() + PIPE_PATIENCE
        while not (first := _first_of(descriptor)):
            if time.monotonic() > patience:
                raise OSError(errno.EPIPE, "a pipe without a writer")
            time.sleep(0.01)
        return first + _all_of(descriptor)
    finally:
        os.close(descriptor)


def _first_of(descriptor: int) -> bytes:
    """Return what a pipe has first, b"" where nobody has it open for writing."""
    try:
        first = os.read(descriptor, 1 << 20)
    except BlockingIOError:
        os.set_blocking(descriptor, True)
        return os.read(descriptor, 1 << 20)
    os.set_blocking(descriptor, bool(first))
    return first
