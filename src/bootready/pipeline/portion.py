"""A project in a repository -> the tracked files that a clone of it needs to be prepared."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from bootready.errors import ProjectError
from bootready.host.regular import read_regular
from bootready.model.request import Request
from bootready.pipeline import load

_LIMIT = 1_000_000


def portion(
    request: Request,
    environ: Mapping[str, str],
    root: str,
    directory: str,
    tracked: frozenset[str],
) -> frozenset[str]:
    """Return those of `tracked` (relative to `root`) that are in the project's `directory` or above
    it, if nothing in the project leads elsewhere; all of them otherwise.

    What leads elsewhere in a clone holds two dots, or is a symbolic link.
    """
    if directory == root or not directory.startswith(f"{root}/"):
        return tracked
    below = f"{directory[len(root) + 1 :]}/"
    above = {"", *_parents(below)}
    kept = frozenset(
        name for name in tracked if name.startswith(below) or os.path.dirname(name) in above
    )
    try:
        sources = load(request, environ).sources
    except ProjectError:
        return tracked
    if any(not path.startswith(f"{directory}/") or ".." in text for path, text in sources.items()):
        return tracked
    for name in kept:
        path = f"{root}/{name}"
        if os.path.islink(path) or (_is_read(name, below) and _leads_out(path)):
            return tracked
    return kept


def _parents(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:count]) for count in range(1, len(parts) - 1))


def _is_read(name: str, below: str) -> bool:
    """Tell whether a file says where others are: an env file, or another Compose file."""
    bare = os.path.basename(name)
    return name.startswith(below) and ("env" in bare or bare.endswith((".yml", ".yaml", ".toml")))


def _leads_out(path: str) -> bool:
    try:
        return b".." in read_regular(path, _LIMIT)
    except OSError:
        return False
