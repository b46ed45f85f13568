"""A text and a pattern of a data file, such as ``/etc/nginx/*`` or ``GF_*`` -> whether they match.

``*`` stands for anything, also for a slash; nothing else has a meaning. Without `fnmatch`, which
compiles each pattern: that would take longer than all else that is asked of an image.
"""

from __future__ import annotations

from collections.abc import Iterable


def matches(text: str, pattern: str) -> bool:
    """Tell whether the whole of `text` matches."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, last = rest
    if not text.startswith(first) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        at = text.find(part, at, end) + len(part)
        if at < len(part):
            return False
    return at <= end and text.endswith(last)


def matches_any(text: str, patterns: Iterable[str]) -> bool:
    """Tell whether one of the patterns matches the whole of `text`."""
    return any(matches(text, pattern) for pattern in patterns)
