"""What was applied, kept in `.bootready/journal`: entries in, entries out.

An entry is on the disk before what it tells of, so that a killed run can be cleaned up and
everything can be taken back. Contents are kept as keyed hashes only.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from bootready.apply.ground import OPEN_DIRECTORY, Ground, RefusedError, ground_of, within

DIRECTORY = ".bootready"
_OWN_FILES = (
    *("passwords", "passwords.new", "journal", "journal.new", "key", "key.new"),
    *(".gitignore", ".gitignore.new", "lock"),
)
_REMAINS = frozenset(_OWN_FILES[2:])
_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW


class Entry(NamedTuple):
    """One change. `path` is relative to the project directory; `temp` is a name beside it.

    `operation` is one of create, directory, append, replace, permissions, network, volume.
    `digest` is of the content afterwards, `before` of the content before; `length` is the size in
    bytes before; `mode` and the owner are those before for `permissions`, else those given.
    """

    operation: str
    path: str
    temp: str = ""
    digest: str = ""
    before: str = ""
    length: int = 0
    mode: int = 0
    uid: int = -1
    gid: int = -1
    time: int = 0


class Journal:
    """The journal of one project, locked by this process. Made by `opened`."""

    def __init__(self, ground: Ground, directory: str, descriptor: int) -> None:
        self.ground = ground
        self.directory = directory
        self._descriptor = descriptor
        self._key = b""

    def intend(self, entry: Entry) -> None:
        """Write `entry` down for good, before the change is made."""
        line = json.dumps(entry._asdict(), sort_keys=True).encode() + b"\n"
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | _FLAGS
        descriptor = os.open("journal", flags, 0o600, dir_fd=self._descriptor)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line  # a run killed in the middle of a line left it open
            write_all(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def entries(self) -> list[Entry]:
        """Return every whole entry, oldest first."""
        with suppress(FileNotFoundError):
            descriptor = os.open("journal", os.O_RDONLY | _FLAGS, dir_fd=self._descriptor)
            with os.fdopen(descriptor, "rb") as stream:
                return [entry for line in stream if (entry := _parsed(line)) is not None]
        return []

    def digest(self, content: bytes) -> str:
        """Return the keyed hash of `content`; without the key nothing can be guessed from it."""
        if not self._key:
            self._key = self._stored_key()
        return hmac.new(self._key, content, hashlib.sha256).hexdigest()

    def relative(self, path: str) -> str:
        """Return `path` as entries hold it."""
        inside = within(path, self.ground.root)
        return os.path.relpath(path, self.directory) if inside else path

    def absolute(self, path: str) -> str:
        """Return the absolute path of an entry's `path`."""
        return os.path.normpath(os.path.join(self.directory, path))

    def rewrite(self, entries: list[Entry]) -> None:
        """Keep only `entries`; without any, remove all that the journal itself made."""
        if not entries:
            self._remove()
            return
        text = "".join(json.dumps(entry._asdict(), sort_keys=True) + "\n" for entry in entries)
        _write_new("journal.new", text.encode(), self._descriptor)
        os.rename(
            "journal.new", "journal", src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor
        )

    def load(self, name: str) -> dict[str, str]:
        """Return what `keep` put into the file `name`: names and hashes."""
        with suppress(FileNotFoundError, ValueError):
            descriptor = os.open(name, os.O_RDONLY | _FLAGS, dir_fd=self._descriptor)
            with os.fdopen(descriptor, "rb") as stream:
                found = json.load(stream)
            return {str(key): str(value) for key, value in found.items()}
        return {}

    def keep(self, name: str, text: str) -> None:
        """Put `text` into the file `name` of the journal's directory, where it differs."""
        with suppress(FileNotFoundError):
            descriptor = os.open(name, os.O_RDONLY | _FLAGS, dir_fd=self._descriptor)
            with os.fdopen(descriptor, encoding="utf-8") as stream:
                if stream.read() == text:
                    return
        _write_new(f"{name}.new", text.encode(), self._descriptor)
        os.rename(f"{name}.new", name, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def _remove(self) -> None:
        # The journal early and the lock last: a kill in between leaves nothing to take back, and
        # `remove_remains` knows what is left. No password outlives the journal.
        for name in _OWN_FILES:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=self._descriptor)
        with suppress(OSError):  # other files of ours may be there: reports of boots
            os.rmdir(os.path.join(self.directory, DIRECTORY))

    def _stored_key(self) -> bytes:
        with suppress(FileNotFoundError):
            descriptor = os.open("key", os.O_RDONLY | _FLAGS, dir_fd=self._descriptor)
            with os.fdopen(descriptor, "rb") as stream:
                return stream.read()
        _write_new("key.new", secrets.token_bytes(32), self._descriptor)
        os.rename("key.new", "key", src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)
        return self._stored_key()


@contextmanager
def opened(ground: Ground, directory: str) -> Iterator[Journal]:
    """Open the journal of the project in `directory`, waiting for any other run to end."""
    descriptor, lock = _locked(ground, os.path.join(directory, DIRECTORY))
    try:
        if not _exists(".gitignore", descriptor):
            _write_new(".gitignore.new", b"*\n", descriptor)
            os.rename(".gitignore.new", ".gitignore", src_dir_fd=descriptor, dst_dir_fd=descriptor)
        yield Journal(ground, directory, descriptor)
    finally:
        _give(ground, descriptor)
        os.close(lock)
        os.close(descriptor)


def exists(directory: str) -> bool:
    """Tell whether the project in `directory` has a journal."""
    return os.path.isfile(os.path.join(directory, DIRECTORY, "journal"))


def remove_remains(directory: str) -> None:
    """Remove the journal's directory where a killed or refused run left nothing of use in it."""
    with suppress(OSError, RefusedError):
        if set(os.listdir(os.path.join(directory, DIRECTORY))) <= _REMAINS:
            with opened(ground_of(directory), directory) as journal:
                if not journal.entries():
                    journal.rewrite([])


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte of `content`; a write may take only a part."""
    while content:
        content = content[os.write(descriptor, content) :]


def _give(ground: Ground, descriptor: int) -> None:
    """Give the journal's files to the owner of the project, who may come without the superuser."""
    if ground.owner.uid in {None, 0} or os.geteuid() != 0:
        return
    uid, gid = ground.owner.uid, -1 if ground.owner.gid is None else ground.owner.gid
    for name in _OWN_FILES:
        with suppress(OSError):
            if os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_uid == 0:
                os.chown(name, uid, gid, dir_fd=descriptor, follow_symlinks=False)


def _locked(ground: Ground, path: str) -> tuple[int, int]:
    while True:
        descriptor = _state_directory(ground, path)
        lock = os.open("lock", os.O_RDWR | os.O_CREAT | _FLAGS, 0o600, dir_fd=descriptor)
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Whoever had the lock before may have removed it with the whole directory.
        if os.fstat(lock).st_nlink and _same_directory(descriptor, path):
            return descriptor, lock
        os.close(lock)
        os.close(descriptor)


def _state_directory(ground: Ground, path: str) -> int:
    with suppress(FileExistsError):
        os.mkdir(path, 0o700)
        if ground.owner.uid is not None:
            os.chown(path, ground.owner.uid, -1 if ground.owner.gid is None else ground.owner.gid)
    try:
        return os.open(path, OPEN_DIRECTORY)
    except NotADirectoryError as error:
        raise RefusedError(
            f"'{path}' is not a directory; it is where the journal is kept"
        ) from error


def _same_directory(descriptor: int, path: str) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    return False


def _exists(name: str, descriptor: int) -> bool:
    try:
        os.stat(name, dir_fd=descriptor, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _write_new(name: str, content: bytes, descriptor: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _FLAGS
    file = os.open(name, flags, 0o600, dir_fd=descriptor)
    try:
        write_all(file, content)
        os.fsync(file)
    finally:
        os.close(file)


def _parsed(line: bytes) -> Entry | None:
    # A torn line (a killed run) is no entry: what it would have told of was not done.
    with suppress(ValueError, TypeError):
        return Entry(**json.loads(line))
    return None
