"""A path of this machine -> how a document names it: below the project or the home, or as is."""

from __future__ import annotations

import os

from bootready.model.project import Project


def path_shown(path: str, project: Project) -> str:
    """Return `path` as it is true in every clone: ``./data``, ``../x``, ``~/x`` or absolute."""
    home = os.path.expanduser("~")
    relative = os.path.relpath(path, project.directory)
    if not relative.startswith(".."):
        return "." if relative == "." else f"./{relative}"
    if not relative.startswith("../.."):
        return relative
    return f"~/{path[len(home) + 1 :]}" if path.startswith(f"{home}/") else path
