"""Documents of registries by their digest -> files of the person's own; each is verified when read.

A document that has another digest than its name is none, so nothing here has to be believed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress

from bootready.errors import BootreadyError
from bootready.host.state import home_directory
from bootready.registry.documents import LARGEST, digest_of
from bootready.system import IS_WINDOWS, O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, user_id

MOST_FILES = 1000
MOST_BYTES = 50_000_000
"""Above either the oldest half is removed."""
_FLAGS = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK


def cache_directory(environ: Mapping[str, str]) -> str:
    """Return where documents are kept: below `XDG_CACHE_HOME` or home; '' where neither is.

    Relative paths are ignored, as the XDG Base Directory Specification says.
    """
    base = environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        try:
            base = os.path.join(home_directory(environ), ".cache")
        except BootreadyError:
            return ""
    return os.path.join(base, "bootready", "registry")


class Cache:
    """Documents by digest in a directory of our own; one that cannot be used keeps nothing."""

    def __init__(self, directory: str) -> None:
        self._directory = directory if directory and _ours(directory) else ""

    def get(self, digest: str) -> bytes | None:
        """Return the document of that digest, or None."""
        if not self._directory:
            return None
        try:
            file = os.open(self._path(digest), os.O_RDONLY | _FLAGS)
        except OSError:
            return None
        with os.fdopen(file, "rb") as stream:
            fact = os.fstat(file)
            if not stat.S_ISREG(fact.st_mode) or fact.st_size > LARGEST:
                return None
            data = stream.read(LARGEST + 1)
        return data if digest_of(data) == digest else None

    def put(self, digest: str, data: bytes) -> None:
        """Keep a document, whole or not at all; a full disk keeps none."""
        if not self._directory or len(data) > LARGEST or digest_of(data) != digest:
            return
        path = self._path(digest)
        draft = f"{path}.{os.getpid()}.{os.urandom(4).hex()}"
        with suppress(OSError):
            file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
            with os.fdopen(file, "wb") as stream:
                stream.write(data)
            os.replace(draft, path)

    def prune(self) -> None:
        """Remove the oldest half of what is kept once it is too much."""
        if not self._directory:
            return
        with suppress(OSError):
            rows = [
                (fact.st_mtime, fact.st_size, entry.path)
                for entry in os.scandir(self._directory)
                if stat.S_ISREG((fact := entry.stat(follow_symlinks=False)).st_mode)
            ]
            if len(rows) <= MOST_FILES and sum(size for _, size, _ in rows) <= MOST_BYTES:
                return
            for _, _, path in sorted(rows)[: len(rows) // 2 + 1]:
                with suppress(OSError):
                    os.unlink(path)

    def _path(self, digest: str) -> str:
        return os.path.join(self._directory, digest.replace(":", "-"))


def _ours(directory: str) -> bool:
    """Make the directory if need be; tell whether it is ours, no link, and closed to others."""
    try:
        os.makedirs(os.path.dirname(directory), 0o700, exist_ok=True)
        with suppress(FileExistsError):
            os.mkdir(directory, 0o700)
        fact = os.lstat(directory)
    except OSError:
        return False
    closed = IS_WINDOWS or not fact.st_mode & 0o022
    return stat.S_ISDIR(fact.st_mode) and fact.st_uid == user_id() and closed
