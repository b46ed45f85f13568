"""What a YAML file may hold, and the error for one that holds more or is none."""

from __future__ import annotations

from bootready.errors import ProjectError

NODE_LIMIT = 100_000
"""Values in one document: Compose v5 refuses more, v2 does not (compose-go, loader/reset.go)."""
V2_NODE_LIMIT = 1_000_000
"""Compose v2 has no limit; this one only keeps the memory bounded."""
VALUES_LIMIT = 1_000_000
"""Keys and values in all files of a project: a fifth of a gigabyte, before they are looked at."""
DOCUMENT_LIMIT = 500
"""Documents in one file. Each is merged over all before it, and the whole validated, each time."""


class YamlError(ProjectError):
    """A file is not YAML that Compose accepts; `problems` are all fatal and have places."""


class Room:
    """How many keys and values may still be read for a project, over all of its files."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = VALUES_LIMIT
