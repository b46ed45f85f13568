"""A Compose file that says a line twice in one mapping -> the edit that takes the second away.

Compose refuses to read such a file. Nothing else is known of the project then, and nothing loads
that an edit could break.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from bootready.model.action import Edit, EditFile
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.model.lines import lines_of
from bootready.model.position import Span
from bootready.model.problem import Problem
from bootready.regex import regex

_LINE = regex(r" *[\w.-]+:[ \t]+[^\s#|>&*{\[][^#|>&*{\[]*")
"""A key and its whole value."""


def repeated_lines(
    problems: Iterable[Problem], text: Callable[[str], str | None]
) -> Iterator[Finding]:
    """Yield a finding with the edit for each key that is defined again with the same line."""
    for problem in problems:
        if problem.kind != "duplicate-key" or problem.location is None:
            continue
        span = problem.location.span
        edit = _edit(lines_of(text(span.file) or ""), span)
        if edit is not None:
            remedy = Remedy(problem.message, Safety.SAFE, (EditFile(span.file, (edit,)),))
            yield Finding(
                "compose-refuses", Severity.ERROR, problem.message, problem.location, remedy=remedy
            )


def _edit(lines: Sequence[str], span: Span) -> Edit | None:
    if not 0 < span.line < len(lines):
        return None
    line, below = lines[span.line - 1].rstrip(), lines[span.line]
    if not _LINE.fullmatch(line) or (below.strip() and _indent(below) > _indent(line)):
        return None  # more than a line
    for other in reversed(lines[: span.line - 1]):
        if other.strip() and not other.lstrip().startswith("#") and _indent(other) < _indent(line):
            return None  # another mapping
        if other.rstrip() == line:
            return Edit(Span(span.file, span.line, 1, span.line + 1, 1), "")
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
