"""The lines of a file and a line -> the comments that speak of what it sets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bootready.regex import regex

_PLURAL = regex(
    r"\b(?:these|them|those|following|all|each|both|below|secrets|keys|passwords|values|tokens)\b",
    re.IGNORECASE,
)
_FAR = 12
"""Lines above one that a comment on a whole group may stand."""
_RULE = regex(r"#[\s#=*~_+-]*")


def comment_of(lines: Sequence[str], number: int) -> str:
    """Return the comment after line `number` (from 1), and the one above it.

    A comment that speaks of several values holds for every line of its group: those that follow
    without a blank line between.
    """
    if not 0 < number <= len(lines):
        return ""
    own = _behind(lines[number - 1])
    above = _block(lines, number - 2)
    if not above:
        above = _of_group(lines, number - 2)
    return "\n".join(part for part in (own, above) if part)


def _behind(line: str) -> str:
    if line.lstrip().startswith("#"):
        return ""
    if "#" not in line:
        return ""
    found = re.search(r"""(?<=[\s"'])#\s*(?P<text>.+)$""", line)
    return found["text"].strip() if found else ""


def _block(lines: Sequence[str], last: int) -> str:
    """Return the lines of comment that end at index `last`, '' where that is none."""
    found: list[str] = []
    while last >= 0 and lines[last].lstrip().startswith("#"):
        text = lines[last].strip()
        if _RULE.fullmatch(text):
            break
        if _is_switched_off(text):
            break
        found.append(text.lstrip("# "))
        last -= 1
    return "\n".join(reversed(found))


def _of_group(lines: Sequence[str], last: int) -> str:
    first = max(0, last - _FAR)
    while last > first and lines[last].strip() and not lines[last].lstrip().startswith("#"):
        last -= 1
    text = _block(lines, last)
    return text if text and _PLURAL.search(text) else ""


def _is_switched_off(text: str) -> bool:
    """Tell whether a comment is an assignment that is switched off, and speaks of nothing."""
    return re.fullmatch(r"#\s*(?:- )?[A-Za-z_]\w*\s*[=:]\s*\S*", text) is not None
