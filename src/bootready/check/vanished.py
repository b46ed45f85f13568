"""A project -> the variables without a value that leave no word behind in a command.

``--requirepass ${PASSWORD} --appendonly yes`` is split into words after it was filled in, so that
the option takes the next one for its value.
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.lookup import at
from bootready.model.node import Node, Scalar, Sequence
from bootready.model.position import Span
from bootready.model.problem import Use
from bootready.model.project import Project
from bootready.regex import regex
from bootready.typed import NamedTuple

_PARTS = frozenset({"command", "entrypoint", "healthcheck"})
_OPTION = regex(r"(?:^|\s)(-{1,2}[A-Za-z][\w.-]*)\s+\Z")
_NEXT = regex(r"\s+([^\s\"';|&]+)")
_ENDS = regex(r"\s*(?:[\"';|&)]|\Z)")


_FURTHER = regex(r"(?:^|_)(?:ARGS?|ARGUMENTS|OPTS?|OPTIONS|FLAGS?|EXTRA|PARAMS)(?:_|$)")
"""Names of variables that hold options of their own, and may well be empty."""


class Vanished(NamedTuple):
    """A reference that becomes nothing, the option before it, and the word that it takes, or ''."""

    use: Use
    option: str
    taken: str

    @property
    def belongs(self) -> bool:
        """Whether the option is about the variable, by their names: it certainly wants a value."""
        option = self.option.lstrip("-").lower()
        words = [word for word in self.use.reference.name.lower().split("_") if word]
        if len(option) == 1:
            return any(word[0] == option for word in words)
        return any(len(word) > 2 and word[:4] in option for word in words)


def vanished(project: Project) -> Iterator[Vanished]:
    """Yield the options that lose their value; ``${NAME:-}`` is meant to be nothing."""
    for use in project.uses:
        reference, path = use
        if reference.is_set or reference.operator or path[:1] != ("services",):
            continue
        if _FURTHER.search(reference.name):
            continue
        service = project.service(str(path[1])) if len(path) > 2 and path[2] in _PARTS else None
        if service is None or any(one.name == reference.name for one in service.environment):
            continue  # what the container sets itself is meant for its shell: dollar-unescaped
        around = _around(project, use)
        option = _OPTION.search(around[0]) if around else None
        if around is None or option is None:
            continue
        following = _NEXT.match(around[1])
        if following:
            yield Vanished(use, option[1], following[1])
        elif _ENDS.match(around[1]):
            yield Vanished(use, option[1], "")


def _around(project: Project, use: Use) -> tuple[str, str] | None:
    """Return what stands before and after a reference in its own value; None if it is all of it.

    The words of a command that was written as a string all have its place.
    """
    node = at(project.model, *use.path)
    whole = _span_of(node)
    text = project.sources.get(use.reference.span.file)
    if whole is None or text is None or whole.file != use.reference.span.file:
        return None
    lines = text.splitlines(keepends=True)
    start, end = _bounds(lines, whole)
    first, last = _bounds(lines, use.reference.span)
    if not start <= first <= last <= end:
        return None
    return text[start:first], text[last:end]


def _span_of(node: Node | None) -> Span | None:
    if isinstance(node, Sequence):
        spans = {item.span for item in node.items if isinstance(item, Scalar)}
        return spans.pop() if len(spans) == 1 else None
    return node.span if isinstance(node, Scalar) else None


def _bounds(lines: list[str], span: Span) -> tuple[int, int]:
    return _offset(lines, span.line, span.column), _offset(lines, span.end_line, span.end_column)


def _offset(lines: list[str], line: int, column: int) -> int:
    return sum(map(len, lines[: line - 1])) + column - 1
