"""The kind of a problem -> what to do next, where what stopped the reading says no better."""

from __future__ import annotations

NEXT_STEPS = {
    "compose-file-missing": "go to the directory of the project, or name it: -C DIR, or -f FILE",
    "compose-file-empty": "it needs at least one service, below `services:`",
    "file-unreadable": "it has to be a file that you may read: ls -ld shows what it is, and whose",
    "encoding": "save the file as UTF-8",
    "yaml-syntax": "correct that line, or one above it: an indentation, a quote, a bracket",
    "include-file-missing": "create it, or correct the path: it is relative to the including file",
    "include-cycle": "take one of these includes out",
}
"""By kind; a problem's own hint comes first."""
