"""A project -> the directory of the person's own where what bootready believes of it is kept.

It is never in the project: a clone could bring it along. See docs/reference/trust.md.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping

from bootready.errors import BootreadyError
from bootready.system import IS_WINDOWS, user_id

AUTHORITY, AUTHORITY_KEY = "rootCA.pem", "rootCA-key.pem"
"""The local authority, under mkcert's names: the directory may serve as CAROOT."""
_PROJECTS = "projects"


def state_home(environ: Mapping[str, str], uid: int | None = None) -> str:
    """Return the directory of all projects' states, absolute: below `XDG_STATE_HOME` or home.

    With `uid` that of another user, by the user database alone. Raises BootreadyError if there
    is no home directory (XDG Base Directory Specification: relative paths are ignored).
    """
    base = environ.get("XDG_STATE_HOME", "") if uid is None else ""
    if not os.path.isabs(base):
        base = os.path.join(home_directory(environ, uid), ".local", "state")
    return os.path.join(base, "bootready")


def state_directory(directory: str, environ: Mapping[str, str], uid: int | None = None) -> str:
    """Return where the state of the project in `directory` is kept; it need not exist."""
    from hashlib import sha256

    real = os.path.realpath(directory)
    mark = sha256(real.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return os.path.join(state_home(environ, uid), _PROJECTS, f"{_readable_name(real)}-{mark}")


def believed(path: str, uid: int | None = None) -> str:
    """Return why the state directory `path` is not to be believed, or ''; it must exist.

    It must be a directory, not a link, of the user `uid` (us), and closed to everybody else.
    """
    fact = os.lstat(path)
    owner = user_id() if uid is None else uid
    if not stat.S_ISDIR(fact.st_mode):
        return f"'{path}' must be a directory: bootready keeps its state there"
    if fact.st_uid != owner:
        return f"'{path}' belongs to the user with id {fact.st_uid}, so it is not trusted"
    if not IS_WINDOWS and fact.st_mode & 0o077:
        mode = stat.S_IMODE(fact.st_mode)
        return f"'{path}' is open to others (mode {mode:04o}), so it is not trusted"
    return ""


def readable_state(directory: str, environ: Mapping[str, str], uid: int | None = None) -> str:
    """Return the state directory of the project if it exists and is to be believed, else ''."""
    try:
        if not _may_have_state(directory, environ, uid):
            return ""
        path = state_directory(directory, environ, uid)
        return "" if believed(path, uid) else path
    except (OSError, BootreadyError):
        return ""


def _may_have_state(directory: str, environ: Mapping[str, str], uid: int | None) -> bool:
    """Tell whether any state may be this project's, without a checksum: its module takes 5 ms."""
    name = _readable_name(os.path.realpath(directory))
    kept = os.path.join(state_home(environ, uid), _PROJECTS)
    return any(one.startswith(f"{name}-") for one in os.listdir(kept))


def _readable_name(real: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "_", os.path.basename(real)[:40])


def home_directory(environ: Mapping[str, str], uid: int | None = None) -> str:
    """Return the home directory of the person who runs us, or of the user `uid`.

    Raises BootreadyError if there is none.
    """
    home = environ.get("HOME", "") if uid is None else ""
    owner = user_id() if uid is None else uid
    try:
        # `sudo -E` hands on the home of somebody else, where root would believe what they wrote.
        if os.path.isabs(home) and os.stat(home).st_uid == owner:
            return home
    except OSError:
        pass
    try:
        import pwd

        return pwd.getpwuid(owner).pw_dir
    except ImportError:
        return os.path.expanduser("~")  # USERPROFILE, on Windows
    except KeyError:
        raise BootreadyError(
            "bootready has no home directory to keep its state in", "set XDG_STATE_HOME"
        ) from None
