"""A question -> whether the person at the terminal agreed. Without a terminal nobody did."""

from __future__ import annotations

import sys


def asks_somebody() -> bool:
    """Tell whether a person is at the terminal who could answer."""
    try:
        return sys.stdin.isatty()
    except (AttributeError, ValueError):  # closed
        return False


def agreed(question: str) -> bool:
    """Ask on standard error, and return whether the answer is yes; False if nobody can answer."""
    try:
        if not asks_somebody():
            return False
        print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in {"y", "yes"}
    except (AttributeError, ValueError, OSError):  # closed
        return False
