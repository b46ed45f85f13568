"""One run at a time for a project: its state directory -> the same, open and locked."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bootready.apply.files.state import Place
from bootready.errors import BootreadyError

_SAY_AFTER, _GIVE_UP_AFTER = 1.0, 600.0
_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


@contextmanager
def locked(place: Place) -> Iterator[int]:
    """Yield the open state directory, which no other run has meanwhile.

    Another run is waited for, and named on standard error after a second; BootreadyError after
    ten minutes.
    """
    began = time.monotonic()
    while True:
        descriptor = place.make()
        lock = os.open("lock", os.O_RDWR | os.O_CREAT | _FLAGS, 0o600, dir_fd=descriptor)
        _wait(lock, began)
        # Whoever had the lock before may have removed it with the whole directory.
        if os.fstat(lock).st_nlink and _same_directory(descriptor, place.path):
            break
        os.close(lock)
        os.close(descriptor)
    try:
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        place.claim(descriptor)
        yield descriptor
    finally:
        os.close(lock)
        os.close(descriptor)


def _wait(lock: int, began: float) -> None:
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


def _same_directory(descriptor: int, path: str) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    return False
