"""The kind of a problem -> what to do next, where what stopped the reading says no better."""

from __future__ import annotations

NEXT_STEPS = {
    "compose-file-missing": "change to the project's directory, or use -C DIR or -f FILE",
    "compose-file-empty": "define at least one service in `services:`",
    "file-unreadable": "it must be a file that you can read: ls -ld shows its type and owner",
    "encoding": "save the file as UTF-8",
    "yaml-syntax": "correct that line, or one above it: an indentation, a quote, a bracket",
    "include-file-missing": "create it, or correct the path: it is relative to the including file",
    "include-cycle": "remove one of these includes",
}
"""By kind; a problem's own hint comes first."""
