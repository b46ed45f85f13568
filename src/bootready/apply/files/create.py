"""Files and directories, made whole or not at all: a path and its content -> whether it was made.

Every file is written beside its place, made durable, and then moved there: a run killed at any
point leaves the old or the new file, and a name in the journal for what is left over.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

from bootready.apply.files.ground import (
    ANYBODY,
    Ground,
    Owner,
    RefusedError,
    is_there,
    missing_parents,
    parent_of,
    refuse_link,
    temporary,
    write_all,
)
from bootready.apply.files.journal import Entry, Journal

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def create_file(
    journal: Journal, path: str, content: bytes, mode: int, owner: Owner = ANYBODY
) -> bool:
    """Create `path` with `content`; return False, and change nothing, where something is there.

    Missing directories on the way are made: for a secret (mode without rights for others or in a
    closed directory) see `secrets`. Raises RefusedError and OSError.
    """
    if is_there(path):
        return False
    for directory in missing_parents(journal.ground, path):
        make_directory(journal, directory, 0o755)
    with parent_of(journal.ground, path) as (parent, name):
        temp = temporary(name)
        journal.intend(
            Entry("create", journal.relative(path), temp, journal.digest(content), mode=mode)
        )
        try:
            _write(parent, temp, content, mode, _default(owner, journal.ground))
            return _place(parent, temp, name)
        finally:
            _discard(parent, temp)


def replace_file(
    journal: Journal, path: str, before: bytes, after: bytes, operation: str = "replace"
) -> None:
    """Put `after` where `before` is, keeping owner and mode; refuses when it is no longer so."""
    with parent_of(journal.ground, path) as (parent, name):
        fact = os.stat(name, dir_fd=parent, follow_symlinks=False)
        if not stat.S_ISREG(fact.st_mode):
            raise RefusedError(f"'{path}' is not a regular file; nothing is written through it")
        if _read(parent, name, path) != before:
            raise RefusedError(f"'{path}' was changed by another process", "run the command again")
        temp = temporary(name)
        old, new = journal.digest(before), journal.digest(after)
        journal.intend(Entry(operation, journal.relative(path), temp, new, old, length=len(before)))
        owner = Owner(fact.st_uid, fact.st_gid) if os.geteuid() == 0 else ANYBODY
        try:
            _write(parent, temp, after, stat.S_IMODE(fact.st_mode), owner)
            os.rename(temp, name, src_dir_fd=parent, dst_dir_fd=parent)
            os.fsync(parent)
        finally:
            _discard(parent, temp)


def make_directory(journal: Journal, path: str, mode: int, owner: Owner = ANYBODY) -> bool:
    """Create the directory `path`, and those on the way; return False where something is there."""
    if is_there(path):
        return False
    for directory in missing_parents(journal.ground, path):
        make_directory(journal, directory, 0o755)
    with parent_of(journal.ground, path) as (parent, name):
        temp = temporary(name)
        journal.intend(Entry("directory", journal.relative(path), temp, mode=mode))
        try:
            os.mkdir(temp, 0o700, dir_fd=parent)
            descriptor = os.open(temp, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=parent)
            try:
                _own(descriptor, _default(owner, journal.ground))
                os.fchmod(descriptor, mode)
            finally:
                os.close(descriptor)
            # Atomic with its owner and mode; an empty directory made meanwhile is replaced.
            os.rename(temp, name, src_dir_fd=parent, dst_dir_fd=parent)
            os.fsync(parent)
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
                return False
            raise
        finally:
            with suppress(OSError):
                os.rmdir(temp, dir_fd=parent)
    return True


def set_permissions(journal: Journal, path: str, mode: int, owner: Owner) -> bool:
    """Give what is at `path` its mode and owner; return False where it has them."""
    with parent_of(journal.ground, path) as (parent, name):
        descriptor = _opened(parent, name, path)
        try:
            fact = os.fstat(descriptor)
            same_owner = owner.uid in {None, fact.st_uid} and owner.gid in {None, fact.st_gid}
            if stat.S_IMODE(fact.st_mode) == mode and same_owner:
                return False
            journal.intend(
                Entry(
                    "permissions",
                    journal.relative(path),
                    mode=stat.S_IMODE(fact.st_mode),
                    uid=fact.st_uid,
                    gid=fact.st_gid,
                    length=mode,
                )
            )
            if not same_owner:
                _own(descriptor, owner)
            os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)
    return True


def read_file(ground: Ground, path: str) -> bytes:
    """Return the content of a regular file on the ground, not through symbolic links."""
    with parent_of(ground, path) as (parent, name):
        return _read(parent, name, path)


def clean_up(journal: Journal) -> None:
    """Remove what a killed run left beside its place. Only under the journal's lock."""
    for entry in journal.entries():
        if not entry.temp:
            continue
        with suppress(OSError, RefusedError):
            path = journal.absolute(entry.path)
            with parent_of(journal.ground, path) as (parent, _name):
                if entry.operation == "directory":
                    os.rmdir(entry.temp, dir_fd=parent)
                else:
                    os.unlink(entry.temp, dir_fd=parent)


def restore_permissions(ground: Ground, path: str, now: int, mode: int, owner: Owner) -> bool:
    """Give what is at `path` the `mode` and `owner` it had; False where its mode is not `now`."""
    with parent_of(ground, path) as (parent, name):
        descriptor = _opened(parent, name, path)
        try:
            if stat.S_IMODE(os.fstat(descriptor).st_mode) not in {now, mode}:
                return False
            with suppress(PermissionError):
                _own(descriptor, owner)
            os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)
    return True


def _opened(parent: int, name: str, path: str) -> int:
    try:
        return os.open(name, _READ, dir_fd=parent)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise refuse_link(path) from error
        raise


def _read(parent: int, name: str, path: str) -> bytes:
    descriptor = _opened(parent, name, path)
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read()


def _write(parent: int, temp: str, content: bytes, mode: int, owner: Owner) -> None:
    descriptor = os.open(temp, _NEW, 0o600, dir_fd=parent)
    try:
        write_all(descriptor, content)
        _own(descriptor, owner)
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _place(parent: int, temp: str, name: str) -> bool:
    try:
        os.link(temp, name, src_dir_fd=parent, dst_dir_fd=parent, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise
        # A file system without hard links (FAT, some shares): our lock is all the protection.
        os.rename(temp, name, src_dir_fd=parent, dst_dir_fd=parent)
    _discard(parent, temp)
    os.fsync(parent)
    return True


def _discard(parent: int, temp: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(temp, dir_fd=parent)


def _default(owner: Owner, ground: Ground) -> Owner:
    return Owner(
        ground.owner.uid if owner.uid is None else owner.uid,
        ground.owner.gid if owner.gid is None else owner.gid,
    )


def _own(descriptor: int, owner: Owner) -> None:
    if owner == ANYBODY:
        return
    fact = os.fstat(descriptor)
    uid = fact.st_uid if owner.uid is None else owner.uid
    gid = fact.st_gid if owner.gid is None else owner.gid
    if (uid, gid) != (fact.st_uid, fact.st_gid):
        os.fchown(descriptor, uid, gid)
