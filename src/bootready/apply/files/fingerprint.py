"""Paths -> marks that change when what is there changes, and which of them changed by our doing."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping

from bootready.apply.files.create import read_file
from bootready.apply.files.ground import RefusedError, ground_of
from bootready.apply.files.journal import Journal, exists, looked_at

ABSENT = "absent"


def fingerprints(public: Iterable[str], private: Iterable[str]) -> dict[str, str]:
    """Return the marks of paths (absolute): a hash of `public` files, size and time of others.

    No hash of what may hold a secret: somebody could try values until one fits.
    """
    marks = {path: _mark(path, hashes=False) for path in private}
    marks.update({path: _mark(path, hashes=True) for path in public})
    return marks


def changed(marks: Mapping[str, str], directory: str) -> tuple[str, ...]:
    """Return the paths that are not as `marks` say, and were not made so by us.

    What an earlier, killed run of the same plan made does not count as changed.
    """
    other = [path for path, mark in marks.items() if _mark(path, "sha256" in mark) != mark]
    if not other or not exists(directory):
        return tuple(other)
    with looked_at(ground_of(directory, tuple(other)), directory) as journal:
        ours: dict[str, set[str]] = {}
        for entry in journal.entries():
            ours.setdefault(journal.absolute(entry.path), set()).add(entry.digest)
        return tuple(
            path
            for path in other
            if path not in ours
            or not (
                os.path.isdir(path)
                or (os.path.isfile(path) and _digest(journal, path) in ours[path])
            )
        )


def _digest(journal: Journal, path: str) -> str:
    try:
        return journal.digest(read_file(journal.ground, path))
    except (OSError, RefusedError):
        return ""


def _mark(path: str, hashes: bool) -> str:
    try:
        fact = os.stat(path, follow_symlinks=False)
        if stat.S_ISDIR(fact.st_mode):
            return "directory"
        if hashes and stat.S_ISREG(fact.st_mode):
            with open(path, "rb") as file:
                return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, ValueError):  # no path has a null byte
        return ABSENT
    return f"{fact.st_size} bytes at {fact.st_mtime_ns}"
