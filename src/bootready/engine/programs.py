"""The name of a program -> its absolute path; never one that the current directory offers.

A clone may hold a file called `docker`. It runs where the `PATH` names a directory by a relative
path, `.` or an empty entry, so those are passed over; Go's exec.LookPath refuses what it finds
there (exec.ErrDot). https://pkg.go.dev/os/exec#hdr-Executables_in_the_current_directory
"""

from __future__ import annotations

import os
from collections.abc import Mapping


def find_program(name: str, environ: Mapping[str, str]) -> str | None:
    """Return the absolute path of the program `name` on the `PATH` of `environ`, or None.

    A `name` that is an absolute path is looked at as it is; a relative path is not a name.
    """
    if "/" in name:
        return name if os.path.isabs(name) and _executable(name) else None
    directories = safe_path(environ.get("PATH", os.defpath)).split(os.pathsep)
    found = (os.path.join(one, name) for one in directories if one and name)
    return next((path for path in found if _executable(path)), None)


def safe_path(path: str) -> str:
    """Return the value of a `PATH` without the entries that depend on the current directory."""
    return os.pathsep.join(one for one in path.split(os.pathsep) if os.path.isabs(one))


def _executable(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)
