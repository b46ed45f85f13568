"""A path -> whether git tracks or ignores it; reads the index, asks the program for ignores."""

from __future__ import annotations

import os

from bootready.fence import is_outside
from bootready.host.regular import read_regular
from bootready.typed import NamedTuple

INDEX_LIMIT = 256_000_000
"""Bytes; the index of a million files has a hundred million."""
SETTINGS_LIMIT = 1_000_000
LONGEST_PATH = 16_384
"""Bytes, four times what a kernel takes. Version 4 builds each path on the one before."""


def repository_of(path: str) -> str | None:
    """Return the nearest directory at or above `path` that holds a `.git`, or None."""
    directory = path
    while True:
        if is_outside(f"{directory}/.git"):
            return None
        if os.path.exists(f"{directory}/.git"):
            return directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def tracked_files(root: str) -> frozenset[str] | None:
    """Return the paths in the index of the repository at `root`, relative to it; None if unread.

    The format is git's own (gitformat-index(5)), versions 2 to 4; no program is started.
    """
    entries = index_entries(root)
    return None if entries is None else frozenset(entries.places)


class Index(NamedTuple):
    """The index of a repository: where in `data` the entry of each path begins."""

    data: bytes
    places: dict[str, int]
    wide: int
    """Bytes of a hash."""


def index_entries(root: str) -> Index | None:
    """Return the index of the repository at `root`, without paths that git would not take; None if
    it cannot be read.
    """
    import struct

    directory = git_directory(root)
    try:
        data = read_regular(f"{directory}/index", INDEX_LIMIT)
    except FileNotFoundError:
        return Index(b"", {}, 20)  # nothing was ever added
    except OSError:
        return None
    if data[:4] != b"DIRC":
        return None
    wide = 32 if _uses_sha256(directory) else 20
    try:
        version, count = struct.unpack_from(">II", data, 4)
        if not 2 <= version <= 4:
            return None
        return Index(data, dict(_paths(data, version, count, wide)), wide)
    except (struct.error, IndexError, ValueError):
        return None  # damaged, or cut short


def _is_inside(name: str) -> bool:
    """Tell whether git itself would take a path: an index that was made by hand may hold others."""
    if name.startswith(("/", ".git/")):
        return False
    return ".." not in name or ".." not in name.split("/")


def _paths(data: bytes, version: int, count: int, wide: int) -> list[tuple[str, int]]:
    import struct

    found = []
    position, previous = 12, b""
    for _ in range(count):
        place = position
        flags = struct.unpack_from(">H", data, position + 40 + wide)[0]
        start = position + 42 + wide + (2 if version > 2 and flags & 0x4000 else 0)
        if version == 4:
            strip, start = _varint(data, start)
            end = data.index(b"\0", start)
            previous = previous[: len(previous) - strip] + data[start:end]
            position = end + 1
            if len(previous) > LONGEST_PATH:
                raise ValueError("a path that no system has")
        else:
            end = data.index(b"\0", start)
            previous = data[start:end]
            position += (end - position + 8) // 8 * 8
        name = previous.decode(errors="surrogateescape")
        if _is_inside(name):
            found.append((name, place))
    return found


def _varint(data: bytes, position: int) -> tuple[int, int]:
    byte = data[position]
    value = byte & 0x7F
    while byte & 0x80:
        position += 1
        byte = data[position]
        value = (value + 1 << 7) | (byte & 0x7F)
    return value, position + 1


def git_directory(root: str) -> str:
    """Return where git keeps what it knows of the working tree at `root`."""
    path = f"{root}/.git"
    if is_outside(path) or os.path.isdir(path):
        return path
    try:
        target = os.fsdecode(read_regular(path, SETTINGS_LIMIT)).partition(":")[2].strip()
    except OSError:
        return path
    return os.path.normpath(os.path.join(root, target))


def _uses_sha256(directory: str) -> bool:
    try:
        return b"sha256" in read_regular(f"{directory}/config", SETTINGS_LIMIT)
    except OSError:
        return False
