"""A certificate authority -> trusted by this machine's programs, and taken back. On request only.

Each system keeps anchors in a directory of its own and has a program that makes the store from it:
update-ca-certificates(8) on Debian, update-ca-trust(8) on Fedora, security(1) on macOS.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Sequence

from bootready.apply.certificates.authority import described
from bootready.apply.files.create import create_file, read_file
from bootready.apply.files.ground import Ground, RefusedError, ground_of, parent_of
from bootready.apply.files.journal import Entry, opened
from bootready.errors import BootreadyError
from bootready.host.local import LocalHost
from bootready.typed import NamedTuple

Run = Callable[[Sequence[str]], int]
"""Runs a program and returns its exit code."""


class Store(NamedTuple):
    """Where a system keeps the authorities that a person added; `{}` is the file of one."""

    system: str
    directory: str
    suffix: str
    install: tuple[str, ...]
    remove: tuple[str, ...]


STORES = (
    Store(
        "Debian",
        "/usr/local/share/ca-certificates",
        ".crt",
        ("update-ca-certificates",),
        ("update-ca-certificates", "--fresh"),
    ),
    Store(
        "Fedora",
        "/etc/pki/ca-trust/source/anchors",
        ".pem",
        ("update-ca-trust", "extract"),
        ("update-ca-trust", "extract"),
    ),
)
_KEYCHAIN = "/Library/Keychains/System.keychain"
MACOS = Store(
    "macOS",
    "/usr/local/share/bootready",
    ".pem",
    ("security", "add-trusted-cert", "-d", "-r", "trustRoot", "-k", _KEYCHAIN, "{}"),
    ("security", "remove-trusted-cert", "-d", "{}"),
)
"""macOS keeps no directory; a copy tells `remove-trusted-cert` which one is meant."""


def find_store(
    platform: str = sys.platform, exists: Callable[[str], bool] = os.path.isdir
) -> Store:
    """Return the store of this machine; raises BootreadyError where it is none that we know."""
    if platform == "darwin":
        return MACOS
    for store in STORES:
        if exists(store.directory):
            return store
    known = ", ".join(store.directory for store in STORES)
    raise BootreadyError(
        f"no known certificate store exists on this machine ({known})",
        "install the package ca-certificates",
    )


def install_trust(directory: str, authority: str, fingerprint: str, store: Store, run: Run) -> str:
    """Make this machine trust the authority in the PEM file `authority`; return where it now is.

    `directory` is the project's, whose journal can take it back. `fingerprint` is that of the
    certificate that the person was shown. Raises BootreadyError.
    """
    content = LocalHost().read_bytes(authority) or b""
    if b"PRIVATE KEY" in content or b"BEGIN CERTIFICATE" not in content:
        raise RefusedError(f"'{authority}' is not a certificate")
    if described(content).fingerprint != fingerprint:
        raise RefusedError(f"'{authority}' has changed since it was shown")
    mark = hashlib.sha256(content).hexdigest()[:12]
    path = os.path.join(store.directory, f"bootready-{mark}{store.suffix}")
    ground = Ground(ground_of(directory).root, (path,))
    with opened(ground, directory) as journal:
        create_file(journal, path, content, 0o644)
        if read_file(ground, path) != content:
            raise RefusedError(f"'{path}' has other content and is not overwritten")
        # Behind the file's own entry, so that an undo comes to it first.
        entry = Entry("trust", path, digest=journal.digest(content))
        if entry not in journal.entries():
            journal.intend(entry)
    _run(store.install, path, run)
    return path


def remove_trust(path: str, store: Store, run: Run) -> bool:
    """Take the authority at `path` out of the store; False where it is not one of ours."""
    name = os.path.basename(path)
    if os.path.dirname(path) != store.directory or not name.startswith("bootready-"):
        return False
    if store is MACOS and os.path.lexists(path):
        _run(store.remove, path, run)
    ground = Ground(store.directory, (path,))
    if os.path.lexists(path):
        with parent_of(ground, path) as (parent, last):
            parent.unlink(last)
    if store is not MACOS:
        _run(store.remove, path, run)
    return True


def trusted_paths(directory: str) -> tuple[str, ...]:
    """Return what `install_trust` put into the store for the project in `directory`."""
    with opened(ground_of(directory), directory) as journal:
        entries = journal.entries()
    paths = (entry.path for entry in entries if entry.operation == "trust")
    return tuple(dict.fromkeys(path for path in paths if os.path.lexists(path)))


def _run(command: tuple[str, ...], path: str, run: Run) -> None:
    argv = [word.replace("{}", path) for word in command]
    code = run(argv)
    if code != 0:
        raise BootreadyError(f"'{argv[0]}' exited with {code}", "run the command as the superuser")
