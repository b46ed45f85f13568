"""What the lines of a log mean -> text, and plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.knowledge.words.meaning import Meaning, Meanings
from bootready.model.node import Plain
from bootready.model.printable import printable

SHOWN = 300
"""Characters of a line that are shown; JSON has all that was looked at."""


def log_text(told: Meanings) -> str:
    """Return what the lines of a log mean, for a person."""
    return "\n".join([*_entries(told.found), _last(told.lines, len(told.found))]) + "\n"


def log_object(told: Meanings) -> Plain:
    """Return the same as plain values, version 1."""
    return {"version": 1, "lines": told.lines, "found": [_object(one) for one in told.found]}


def _entries(found: tuple[Meaning, ...]) -> Iterator[str]:
    for one in found:
        match = one.match
        origin = f", {printable(match.origin)}" if match.origin else ""
        service = f" of '{printable(one.service)}'" if one.service else ""
        more = f" (and {one.times - 1} more like it)" if one.times > 1 else ""
        yield f"line {one.number}{service}{more}: {printable(match.line[:SHOWN])}"
        yield f"   = cause: {printable(match.cause)}  [{match.id}{origin}]"
        yield f"   = remedy: {printable(match.remedy)}"
        yield ""


def _last(lines: int, found: int) -> str:
    read = f"{lines} line{'' if lines == 1 else 's'} read"
    if not found:
        return f"nothing known in it: {read}"
    return f"{found} cause{'' if found == 1 else 's'} known in it: {read}"


def _object(one: Meaning) -> Plain:
    match = one.match
    return {
        "line": one.number,
        "service": one.service,
        "times": one.times,
        "text": match.line,
        "row": match.id,
        "kind": match.kind,
        "program": match.program,
        "table": match.origin,
        "cause": match.cause,
        "remedy": match.remedy,
        "values": dict(sorted(match.values.items())),
    }
