"""A directory without a Compose file -> where there are some, and how they are named."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from shlex import quote

from bootready.regex import regex

SKIPPED = frozenset({".git", "node_modules", "__pycache__", ".venv", "vendor"})
"""Directories that hold no project of their repository."""
_VARIANT = regex(r"(?:docker-)?compose(?:\.(?!override\.ya?ml)|[_-])[^/]{1,200}\.ya?ml")
_MOST = 6
"""Places that are named."""
_DEPTH = 5
_ENTRIES = 20_000
"""Directory entries that are looked at; a directory without a project may be a whole disk."""


def is_variant(name: str) -> bool:
    """Tell whether Compose loads a file of that name only if it is told to."""
    return _VARIANT.fullmatch(name) is not None


def hint_for(directory: str, file_names: Collection[str]) -> str:
    """Return how to name a project in `directory` or below it, '' where none was seen.

    `file_names` are those that Compose looks for.
    """
    here, below = [], []
    for folder, name in _entries(directory):
        if folder == directory and is_variant(name):
            here.append(name)
        elif name in file_names and folder != directory:
            below.append(os.path.relpath(folder, directory))
    if here:
        first, *others = sorted(here)
        return f"name the files: -f {quote(first)}{_also(others)}"
    if below:
        found = sorted(set(below), key=lambda path: (path.count("/"), path))
        every = "; check -r checks all of them" if len(found) > 1 else ""
        return f"name the directory: -C {quote(found[0])}{_also(found[1:])}{every}"
    return ""


def _also(names: list[str]) -> str:
    if not names:
        return ""
    more = len(names) - _MOST
    shown = ", ".join(f"'{name}'" for name in names[:_MOST])
    return f" (there is also {shown}{f' and {more:,} more' if more > 0 else ''})"


def _entries(directory: str) -> Iterator[tuple[str, str]]:
    """Yield the files at and below `directory`, the nearest first, with their directories."""
    waiting = [(directory, 0)]
    seen = 0
    for folder, depth in waiting:
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in found:
            seen += 1
            if seen > _ENTRIES:
                return
            if not entry.is_dir(follow_symlinks=False):
                yield folder, entry.name
            elif depth < _DEPTH and entry.name not in SKIPPED and not entry.name.startswith("."):
                waiting.append((f"{folder.rstrip('/')}/{entry.name}", depth + 1))
