"""Definitions that an included file repeats as `external: true` -> the edits that remove them.

The root declares them, the included file only refers to them: the one form that Compose v2 and v5
both take. v2 refuses the repetition; v5 merges it, and what was declared becomes external.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bootready.model.action import Edit
from bootready.model.lines import lines_of
from bootready.model.position import Span
from bootready.model.problem import Problem
from bootready.typed import NamedTuple

_SECTIONS = frozenset({"secrets", "configs", "networks", "volumes"})


class _Entry(NamedTuple):
    """A repeated definition: its lines in the included file, and the line of its section's key."""

    problem: Problem
    file: str
    section: int
    first: int
    """From 0, as `section` and `end`."""
    end: int
    """The line after its last one."""


def without_repetitions(
    problems: Iterable[Problem], sources: Mapping[str, str]
) -> Iterator[tuple[Edit, tuple[Problem, ...]]]:
    """Yield edits with the ``include-conflict`` problems that each solves.

    An entry goes by itself; where none would be left, the section goes with all of its entries: a
    section without entries is null, which Compose refuses.
    """
    sections: dict[tuple[str, int], list[_Entry]] = {}
    for problem in problems:
        entry = _entry(problem, sources)
        if entry is not None:
            sections.setdefault((entry.file, entry.section), []).append(entry)
    for (file, head), entries in sections.items():
        lines = lines_of(sources[file])
        last = _end(lines, head)
        removed = {number for one in entries for number in range(one.first, one.end)}
        left = set(range(head + 1, last)) - removed
        if not any(lines[number].strip() for number in left):
            yield _without(file, sources[file], head, last), tuple(one.problem for one in entries)
        else:
            for one in entries:
                yield _without(file, sources[file], one.first, one.end), (one.problem,)


def _entry(problem: Problem, sources: Mapping[str, str]) -> _Entry | None:
    """Return where the repetition stands, None where more than `external` is repeated."""
    if not problem.related or problem.related[0].path[:1] not in {(kind,) for kind in _SECTIONS}:
        return None
    place = problem.related[0].span
    lines = lines_of(sources.get(place.file, ""))
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
    return None if head is None else _Entry(problem, place.file, head, first, end)


def _without(file: str, source: str, start: int, end: int) -> Edit:
    """Return the edit that removes the lines from `start` to before `end`, from 0."""
    lines = lines_of(source)
    if end == len(lines) and not source.endswith("\n"):
        return Edit(Span(file, start + 1, 1, end, len(lines[end - 1]) + 1), "")
    return Edit(Span(file, start + 1, 1, end + 1, 1), "")


def _end(lines: Sequence[str], first: int) -> int:
    """Return the number of the line after the block that begins at `first`; from 0."""
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
