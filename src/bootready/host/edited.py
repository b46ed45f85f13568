"""A repository -> the tracked files that differ from what git's index has; no program is started.

`git diff-files` runs the clean filters that the repository's configuration names.
"""

from __future__ import annotations

import os
import stat
import struct

from bootready.host.git import Index, git_directory, index_entries
from bootready.host.regular import read_regular

_LIMIT = 50_000_000
"""Bytes; a larger file counts as edited once its time is another."""
_SKIPPED = 0x4000
"""The second flags of an entry: a sparse checkout leaves the file out."""


def edited_files(root: str) -> frozenset[str]:
    """Return the paths of files that were edited or removed since they were added to git.

    A file of another size is one; of another time, or written with the index itself, only if its
    content is another. Line ends that git would convert count as an edit.
    """
    index = index_entries(root)
    if index is None or not index.places:
        return frozenset()
    try:
        written = os.stat(f"{git_directory(root)}/index").st_mtime
    except OSError:
        written = 0.0
    return frozenset(
        name
        for name, place in index.places.items()
        if _is_edited(root, name, index, place, written)
    )


def _is_edited(root: str, name: str, index: Index, place: int, written: float) -> bool:
    seconds, nanoseconds = struct.unpack_from(">II", index.data, place + 8)
    mode, *_, size = struct.unpack_from(">IIII", index.data, place + 24)
    if stat.S_IFMT(mode) == 0o160000:
        return False  # a submodule
    path = f"{root}/{name}"
    try:
        now = os.lstat(path)
    except OSError:
        return not _is_left_out(index, place)
    if stat.S_IFMT(mode) != stat.S_IFMT(now.st_mode):
        return True
    if size and size != now.st_size & 0xFFFFFFFF:
        return True
    same_time = (seconds, nanoseconds) == (
        int(now.st_mtime_ns // 1_000_000_000) & 0xFFFFFFFF,
        now.st_mtime_ns % 1_000_000_000,
    )
    if same_time and seconds + nanoseconds / 1e9 < written:
        return False
    hashed = index.data[place + 40 : place + 40 + index.wide]
    return _hash(path, now, index.wide) != hashed


def _is_left_out(index: Index, place: int) -> bool:
    version = struct.unpack_from(">I", index.data, 4)[0]
    flags, more = struct.unpack_from(">HH", index.data, place + 40 + index.wide)
    return version > 2 and bool(flags & 0x4000) and bool(more & _SKIPPED)


def _hash(path: str, now: os.stat_result, wide: int) -> bytes:
    """Return the name that git would give to the content of a file, b'' if it cannot be read."""
    import hashlib

    try:
        if stat.S_ISLNK(now.st_mode):
            content = os.fsencode(os.readlink(path))
        else:
            content = read_regular(path, _LIMIT)
    except OSError:
        return b""
    made = hashlib.sha256() if wide == 32 else hashlib.sha1(usedforsecurity=False)
    made.update(b"blob %d\0" % len(content) + content)
    return made.digest()
