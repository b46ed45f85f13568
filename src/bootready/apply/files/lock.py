"""One run at a time for a project: its state directory -> the same, open and locked."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bootready.apply.files.directory import Directory
from bootready.apply.files.state import Place
from bootready.errors import BootreadyError
from bootready.system import IS_WINDOWS, O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK

_SAY_AFTER, _GIVE_UP_AFTER = 1.0, 600.0
_FLAGS = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK


@contextmanager
def locked(place: Place) -> Iterator[Directory]:
    """Yield the open state directory, which no other run has meanwhile.

    Another run is waited for, and named on standard error after a second; BootreadyError after
    ten minutes.
    """
    began = time.monotonic()
    while True:
        directory = place.make()
        lock = directory.open("lock", os.O_RDWR | os.O_CREAT | _FLAGS)
        _wait(lock, began)
        # Whoever had the lock before may have removed it with the whole directory.
        if os.fstat(lock).st_nlink and _same_directory(directory, place.path):
            break
        os.close(lock)
        directory.close()
    try:
        os.ftruncate(lock, 0)
        os.lseek(lock, 0, os.SEEK_SET)
        os.write(lock, str(os.getpid()).encode())
        place.claim(directory)
        yield directory
    finally:
        os.close(lock)
        directory.close()


def _wait(lock: int, began: float) -> None:
    if IS_WINDOWS:
        return  # only a copy of our own is written in there
    import fcntl

    said = False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - began
            holder = os.pread(lock, 20, 0).decode("ascii", "replace") or "unknown"
            if waited > _GIVE_UP_AFTER:
                raise BootreadyError(
                    f"another run of bootready (process {holder}) is working on this project",
                    f"wait for it to finish, or stop it: kill {holder}",
                ) from None
            if waited > _SAY_AFTER and not said:
                said = True
                with suppress(OSError):
                    sys.stderr.write(f"bootready: waiting for another run (process {holder}) ...\n")
            time.sleep(0.05)
        else:
            return


def _same_directory(directory: Directory, path: str) -> bool:
    if directory.descriptor is None:
        return True
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(directory.descriptor), os.lstat(path))
    return False
