"""Files and directories, made whole or not at all: a path and its content -> whether it was made.

Every file is written beside its place, made durable, and then moved there: a run killed at any
point leaves the old or the new file, and a name in the journal for what is left over.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

from bootready.apply.files.directory import Directory, set_mode
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
from bootready.system import O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, is_superuser

_READ = os.O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | O_NOFOLLOW | O_CLOEXEC


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
        fact = parent.stat(name)
        if not stat.S_ISREG(fact.st_mode):
            raise RefusedError(f"'{path}' is not a regular file; nothing is written through it")
        if _read(parent, name, path) != before:
            raise RefusedError(f"'{path}' was changed by another process", "run the command again")
        temp = temporary(name)
        old, new = journal.digest(before), journal.digest(after)
        journal.intend(Entry(operation, journal.relative(path), temp, new, old, length=len(before)))
        owner = Owner(fact.st_uid, fact.st_gid) if is_superuser() else ANYBODY
        try:
            _write(parent, temp, after, stat.S_IMODE(fact.st_mode), owner)
            parent.rename(temp, name)
            parent.sync()
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
            parent.mkdir(temp, 0o700)
            made = parent.step(temp, follow=True)
            try:
                if made.descriptor is not None:
                    _own(made.descriptor, _default(owner, journal.ground))
                    set_mode(made.descriptor, mode)
            finally:
                made.close()
            # Atomic with its owner and mode; an empty directory made meanwhile is replaced.
            parent.rename(temp, name)
            parent.sync()
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
                return False
            raise
        finally:
            with suppress(OSError):
                parent.rmdir(temp)
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
            set_mode(descriptor, mode)
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
                    parent.rmdir(entry.temp)
                else:
                    parent.unlink(entry.temp)


def restore_permissions(ground: Ground, path: str, now: int, mode: int, owner: Owner) -> bool:
    """Give what is at `path` the `mode` and `owner` it had; False where its mode is not `now`."""
    with parent_of(ground, path) as (parent, name):
        descriptor = _opened(parent, name, path)
        try:
            if stat.S_IMODE(os.fstat(descriptor).st_mode) not in {now, mode}:
                return False
            with suppress(PermissionError):
                _own(descriptor, owner)
            set_mode(descriptor, mode)
        finally:
            os.close(descriptor)
    return True


def _opened(parent: Directory, name: str, path: str) -> int:
    try:
        return parent.open(name, _READ)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise refuse_link(path) from error
        raise


def _read(parent: Directory, name: str, path: str) -> bytes:
    descriptor = _opened(parent, name, path)
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read()


def _write(parent: Directory, temp: str, content: bytes, mode: int, owner: Owner) -> None:
    descriptor = parent.open(temp, _NEW)
    try:
        write_all(descriptor, content)
        _own(descriptor, owner)
        set_mode(descriptor, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _place(parent: Directory, temp: str, name: str) -> bool:
    try:
        parent.link(temp, name)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise
        # A file system without hard links (FAT, some shares): our lock is all the protection.
        parent.rename(temp, name)
    _discard(parent, temp)
    parent.sync()
    return True


def _discard(parent: Directory, temp: str) -> None:
    with suppress(FileNotFoundError):
        parent.unlink(temp)


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
