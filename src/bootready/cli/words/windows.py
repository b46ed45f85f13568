"""What a command line needs that Windows has not -> a word about it, before anything is done."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from bootready.system import use_forward_slashes

_WRITES: dict[str, tuple[str, ...]] = {
    "apply": (),
    "undo": (),
    "up": (),
    "prepare": (),
    "fix": ("--apply",),
    "certs": ("--install-trust", "--remove-trust"),
    "secrets": ("rotate",),
    "plugin": ("install", "uninstall"),
    "compose": ("up", "down"),
}
"""Commands that give files an owner and a mode, with the words that make them do so; () for any."""
_READS = frozenset({"--dry-run", "--help", "-h"})


def begin(name: str, arguments: Sequence[str]) -> tuple[str, str] | None:
    """Make this process ready for Windows; return why it cannot run the command there, and a hint.

    None where it can: all that only reads.
    """
    use_forward_slashes()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # What is read again, such as JSON and pages, is UTF-8 everywhere.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    words = _WRITES.get(name)
    if words is None or not _READS.isdisjoint(arguments):
        return None
    if words and not set(words) & set(arguments):
        return None
    shown = " ".join(("bootready", name, *(one for one in arguments if one in words)))
    return (
        f"'{shown}' needs Linux or macOS: files of Windows have no owner and mode for secrets",
        f"run it in WSL 2, which Docker Desktop serves as well: wsl {shown}",
    )
