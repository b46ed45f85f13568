"""A secret file -> the same file with a new value, which is kept safe until everybody uses it."""

from __future__ import annotations

import os
from contextlib import suppress

from bootready.apply.files import create_file, read_file, replace_file
from bootready.apply.ground import RefusedError, ground_of, parent_of
from bootready.apply.journal import DIRECTORY, Journal, opened
from bootready.apply.values import random_value
from bootready.model.action import SecretKind

_KINDS = (SecretKind.PASSWORD, SecretKind.TOKEN, SecretKind.HEX, SecretKind.BASE64)


def begin(directory: str, name: str, kind: SecretKind, length: int) -> bytes:
    """Return the new value of the secret `name`: that of a rotation that was not finished, else a
    new one, which is on the disk before anybody hears of it.
    """
    if kind not in _KINDS:
        raise RefusedError(f"secret '{name}': a {kind.value} cannot be rotated")
    path = _pending(directory, name)
    with opened(ground_of(directory), directory) as journal:
        if not os.path.lexists(path):
            create_file(journal, path, random_value(kind, length, name).content, 0o600)
        return read_file(journal.ground, path)


def replace(directory: str, path: str, value: bytes) -> None:
    """Put `value` into the secret file `path`; owner, mode and a newline at its end stay."""
    with opened(ground_of(directory), directory) as journal:
        before = read_file(journal.ground, path)
        after = value + (b"\n" if before.endswith(b"\n") else b"")
        if before != after:
            replace_file(journal, path, before, after)


def finish(directory: str, name: str) -> None:
    """Forget the value that `begin` kept."""
    path = _pending(directory, name)
    with opened(ground_of(directory), directory) as journal:
        _remove(journal, path)


def _remove(journal: Journal, path: str) -> None:
    with suppress(FileNotFoundError), parent_of(journal.ground, path) as (parent, name):
        os.unlink(name, dir_fd=parent)


def _pending(directory: str, name: str) -> str:
    return os.path.join(directory, DIRECTORY, f"rotating-{name}")
