"""A directory -> the repository that it belongs to, where prepare may write without being told."""

from __future__ import annotations

import os


def repository_of(directory: str) -> str | None:
    """Return the nearest directory at or above `directory` that has a `.git`, or None.

    A home directory kept in git is not a project, so the search stops below it.
    """
    home = os.path.expanduser("~")
    here = os.path.abspath(directory)
    while here not in {home, os.path.dirname(here)}:
        if os.path.lexists(os.path.join(here, ".git")):
            return here
        here = os.path.dirname(here)
    return None
