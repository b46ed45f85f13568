"""A secret file -> the same file with a new value, which is kept safe until everybody uses it."""

from __future__ import annotations

import hashlib

from bootready.apply.files.create import create_file, read_file, replace_file
from bootready.apply.files.ground import RefusedError, ground_of
from bootready.apply.files.journal import opened
from bootready.apply.secrets.values import random_value
from bootready.model.action import SecretKind

_KINDS = (SecretKind.PASSWORD, SecretKind.TOKEN, SecretKind.HEX, SecretKind.BASE64)


def begin(directory: str, name: str, kind: SecretKind, length: int) -> bytes:
    """Return the new value of the secret `name`: that of a rotation that was not finished, else a
    new one, which is on the disk before anybody hears of it.
    """
    if kind not in _KINDS:
        raise RefusedError(f"secret '{name}': a {kind.value} cannot be rotated")
    with opened(ground_of(directory), directory) as journal:
        pending = journal.read(_pending(name))
        if pending is None:
            pending = random_value(kind, length, name).content
            journal.write(_pending(name), pending)
        return pending


def replace(directory: str, path: str, value: bytes) -> None:
    """Put `value` into the secret file `path`; owner, mode and a newline at its end stay."""
    with opened(ground_of(directory), directory) as journal:
        before = read_file(journal.ground, path)
        after = value + (b"\n" if before.endswith(b"\n") else b"")
        if before != after:
            replace_file(journal, path, before, after)


def replace_hash(directory: str, path: str, kind: SecretKind, user: str, clear: bytes) -> None:
    """Put a hash of `clear` into the secret file `path`, and `clear` itself beside it."""
    beside = f"{path}.clear"
    try:
        replace(directory, beside, clear)
    except FileNotFoundError:
        with opened(ground_of(directory), directory) as journal:
            create_file(journal, beside, clear, 0o600)
    replace(directory, path, random_value(kind, 0, "", user, clear).content)


def finish(directory: str, name: str) -> None:
    """Forget the value that `begin` kept."""
    with opened(ground_of(directory), directory) as journal:
        journal.forget(_pending(name))


def _pending(name: str) -> str:
    # A secret may have any name, with slashes in it too.
    return f"rotating-{hashlib.sha256(name.encode()).hexdigest()[:24]}"
