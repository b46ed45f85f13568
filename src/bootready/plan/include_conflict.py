"""A definition that an included file repeats as `external: true` -> the edit that takes it away.

The root declares it, the included file only refers to it: the one form that Compose v2 and v5 both
take. v2 refuses the repetition; v5 merges it, and what was declared becomes external.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bootready.model.action import Edit
from bootready.model.lines import lines_of
from bootready.model.position import Span
from bootready.model.problem import Problem

_SECTIONS = frozenset({"secrets", "configs", "networks", "volumes"})


def without_repetition(problem: Problem, sources: Mapping[str, str]) -> Edit | None:
    """Return the edit for an ``include-conflict``, None where more than `external` is repeated."""
    if not problem.related or problem.related[0].path[:1] not in {(kind,) for kind in _SECTIONS}:
        return None
    place = problem.related[0].span
    source = sources.get(place.file, "")
    lines = lines_of(source)
    if not 0 < place.line <= len(lines) or problem.location is None:
        return None
    first = place.line - 1
    end = _end(lines, first)
    text = "\n".join(lines[first:end])
    name = re.escape(problem.subject)
    value = r"(?:\{\s*external:\s*true\s*\}|\n\s+external:\s*true)"
    if re.fullmatch(rf"\s+[\"']?{name}[\"']?:\s*{value}\s*", text) is None:
        return None
    head = next((n for n in range(first, -1, -1) if re.match(r"\S+:\s*$", lines[n])), None)
    if head is None:
        return None
    # A section without entries is no mapping, which Compose refuses.
    start = head if head == first - 1 and end == _end(lines, head) else first
    if end == len(lines) and not source.endswith("\n"):
        return Edit(Span(place.file, start + 1, 1, end, len(lines[end - 1]) + 1), "")
    return Edit(Span(place.file, start + 1, 1, end + 1, 1), "")


def _end(lines: Sequence[str], first: int) -> int:
    """Return the number of the line behind the block that begins at `first`; from 0."""
    indent = len(lines[first]) - len(lines[first].lstrip())
    end = first + 1
    while end < len(lines):
        line = lines[end]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end
