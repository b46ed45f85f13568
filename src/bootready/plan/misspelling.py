"""Attributes and words that the schema does not know -> repairs, where only one can be meant.

Whether the attribute then has a value that Compose takes is not judged here: every repair is
proved, and one that Compose would refuse is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bootready.model.action import Edit, EditFile
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.model.lines import lines_of
from bootready.model.position import Span, YamlPath
from bootready.model.problem import Problem
from bootready.model.project import Project
from bootready.typed import NamedTuple

_REACH = {
    "env_file": ("environment",),
    "label_file": ("labels",),
    "links": ("depends_on",),
    "volumes_from": ("depends_on",),
    "network_mode": ("depends_on", "networks"),
}
"""What Compose fills in a service because of another attribute of it."""
_WHOLE = frozenset({"extends", "include", "services", "name"})
"""Attributes that make everything beside them."""


class Respelt(NamedTuple):
    """A finding whose remedy spells a word right, and the paths of the model that it changes."""

    finding: Finding
    paths: tuple[YamlPath, ...]


def respelt(project: Project, problems: Iterable[Problem]) -> Iterator[Respelt]:
    """Yield one repair for each misspelt word: the text of an anchor belongs to many services."""
    places: dict[Span, list[Problem]] = {}
    for problem in problems:
        if problem.meant and problem.location is not None:
            places.setdefault(problem.location.span, []).append(problem)
    for span, found in places.items():
        first = found[0]
        title = f"spell it '{first.meant}'"
        edit = _edit(project, span, first)
        if first.extent is not None:
            title = f"take it away: all of it is in '{first.meant}'"
            edit = _without(project, first.extent)
        if edit is None or len({one.meant for one in found}) > 1:
            continue
        remedy = Remedy(title, Safety.SAFE, (EditFile(span.file, (edit,)),))
        finding = Finding(
            "compose-refuses", Severity.ERROR, first.message, first.location, remedy=remedy
        )
        paths = dict.fromkeys(path for one in found for path in _paths(one))
        yield Respelt(finding, tuple(paths))


def _edit(project: Project, span: Span, problem: Problem) -> Edit | None:
    """Return the edit of the word alone: quotes around it stay."""
    lines = lines_of(project.sources.get(span.file, ""))
    if not 0 < span.line <= len(lines):
        return None
    line, word = lines[span.line - 1], problem.word
    start = span.column - 1
    if line[start : start + 1] in {'"', "'"}:
        start += 1
    if not line.startswith(word, start):
        return None
    column = start + 1
    return Edit(Span(span.file, span.line, column, span.line, column + len(word)), problem.meant)


def _without(project: Project, extent: Span) -> Edit | None:
    """Return the edit that takes whole lines away: None where a comment would be lost, or something
    else stands on them.
    """
    lines = lines_of(project.sources.get(extent.file, ""))
    if extent.end_line >= len(lines) or lines[extent.line - 1][: extent.column - 1].strip():
        return None
    if any("#" in line for line in lines[extent.line - 1 : extent.end_line]):
        return None
    return Edit(Span(extent.file, extent.line, 1, extent.end_line + 1, 1), "")


def _paths(problem: Problem) -> Iterator[YamlPath]:
    if problem.location is None:
        return
    path = problem.location.path
    yield path
    if problem.kind != "unknown-key":
        return
    above, meant = path[:-1], problem.meant
    if meant in _WHOLE:
        yield above
    yield (*above, meant)
    yield from ((*above, one) for one in _REACH.get(meant, ()))
    if meant in {"networks", "network_mode"} and above[:1] == ("services",):
        yield ("networks", "default")  # of who names no network
