"""The path of a file of a clone -> its bytes, if it is a regular file of a sensible size."""

from __future__ import annotations

import os
import stat

from bootready.fence import is_open_outside, is_outside
from bootready.system import O_CLOEXEC, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK


def read_regular(path: str, limit: int, *, follow: bool = True) -> bytes:
    """Return the bytes of the file at `path`.

    Pipes, devices, files of the kernel and what has more than `limit` bytes raise OSError, as does
    a link unless `follow`; nothing of them is waited for.
    """
    if "\0" in path:
        raise FileNotFoundError(2, "a path cannot contain a null byte", path)
    if is_outside(path):
        raise _refused(path)
    flags = os.O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY
    descriptor = os.open(path, flags if follow else flags | O_NOFOLLOW)
    try:
        if is_open_outside(descriptor):
            raise _refused(path)
        fact = os.fstat(descriptor)
        if not stat.S_ISREG(fact.st_mode) or (fact.st_size == 0 and _is_of_the_kernel(path)):
            raise OSError(22, "not a regular file", path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise OSError(27, "too large", path)
    return data


def _refused(path: str) -> OSError:
    return PermissionError(1, "outside the directories that may be looked at", path)


def _is_of_the_kernel(path: str) -> bool:
    """Tell whether a file is made up as it is read: without an end, by taking it from others."""
    return os.path.realpath(path).startswith(("/proc/", "/sys/"))
