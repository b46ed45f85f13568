"""A place in an open file -> what the model has there: the value it became, and what it names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from bootready.lsp.opened import Opened
from bootready.model.node import Mapping, Node, Scalar
from bootready.model.position import Span, YamlPath
from bootready.model.project import Project
from bootready.regex import regex
from bootready.report.excerpt import place
from bootready.report.explained_names import explain_variable
from bootready.report.explanation import Explanation, explain_value
from bootready.typed import NamedTuple

_WORD = regex(r"[^\s\"'\[\]{},]{1,1000}")
_ALIAS = regex(r"[*&][\w.-]{1,200}")
_RESOURCES = {"secrets", "configs", "networks", "volumes"}
_SERVICES = {"depends_on", "links", "volumes_from"}
_PREFIXED = regex(r"(?:service|container):(.+)")
_SHOWN = 400
"""Characters of a value that a hover shows."""


class Point(NamedTuple):
    """A place in a file: line and column from 1, in characters."""

    file: str
    line: int
    column: int


class Here(NamedTuple):
    """A value of the model that is written at a place; `on_key` if its key is."""

    path: YamlPath
    node: Node
    key: Span
    on_key: bool


def hover(opened: Opened, point: Point, text: str) -> str:
    """Return what is at `point`: the resolved value and where it comes from; '' for nothing."""
    project = opened.project
    if project is None:
        return ""
    name = variable_at(project, point, text)
    if name:
        found = explain_variable(project, name)
        return "" if found is None else _told(found, project)
    here = next(iter(_at(project, point)), None)
    if here is None:
        return ""
    return _told(explain_value(project, here.path, here.node, here.key), project)


def definition(opened: Opened, point: Point, text: str) -> tuple[Span, ...]:
    """Return where the variable, resource, base, anchor or file at `point` is defined."""
    project = opened.project
    lines = text.split("\n")
    line = lines[point.line - 1] if point.line <= len(lines) else ""
    alias = _token(_ALIAS, line, point.column)
    if alias.startswith("*"):
        return _anchor(lines, alias[1:], point.file)
    if project is not None:
        found = _of_the_model(project, point, text)
        if found:
            return found
    return _file(_token(_WORD, line, point.column), point, project)


def variable_at(project: Project, point: Point, text: str) -> str:
    """Return the name of the variable that is used, or set in an env file, at `point`; or ''."""
    for use in project.uses:
        if covers(use.reference.span, point):
            return use.reference.name
    if point.file in project.env_files:
        line = (text.split("\n") + [""] * point.line)[point.line - 1]
        name = line.partition("=")[0].removeprefix("export ").strip()
        return name if name.isidentifier() else ""
    return ""


def _of_the_model(project: Project, point: Point, text: str) -> tuple[Span, ...]:
    name = variable_at(project, point, text)
    if name:
        known = project.variables_in(point.file).get(name)
        if known is not None and known.line:
            return (Span(known.source, known.line, 1, known.line, len(name) + 1),)
        return ()
    for link in project.extensions:
        if covers(link.place.span, point):
            return (link.base_span,)
    for here in _at(project, point):
        found = _target(project, here)
        if found is not None:
            return (found,)
    return ()


def _target(project: Project, here: Here) -> Span | None:
    """Return the definition of the service or resource that a value or key names."""
    path = here.path
    if path[:1] != ("services",) or len(path) < 3:
        return None
    kind = str(path[2])
    if here.on_key and len(path) == 4 and isinstance(path[3], str):
        name = path[3]
    elif isinstance(here.node, Scalar):
        name = str(here.node.value)
    else:
        return None
    prefixed = _PREFIXED.fullmatch(name)
    if prefixed or kind in _SERVICES:
        service = project.service((prefixed[1] if prefixed else name).partition(":")[0])
        return service.location.span if service else None
    if kind not in _RESOURCES:
        return None
    resources = getattr(project, kind)
    for one in resources:
        if name == (one.key if kind in {"networks", "volumes"} else one.name):
            span: Span = one.location.span
            return span
    return None


def _at(project: Project, point: Point) -> Iterator[Here]:
    """Yield the values that are written at `point`, the narrowest first.

    What Compose adds has the place of all that it was added to, and what stands for a short syntax
    has the place of the whole: of equal ones the outer comes first.
    """
    found: list[tuple[tuple[int, int, int], Here]] = []
    waiting: list[tuple[YamlPath, Node, Span | None]] = [((), project.model, None)]
    while waiting:
        path, node, written = waiting.pop()
        on_key, key = written is not None and covers(written, point), written or node.span
        if path and (on_key or covers(node.span, point)):
            span = key if on_key else node.span
            size = span.end_line - span.line, span.end_column - span.column
            found.append(((*size, len(path)), Here(path, node, key, on_key)))
        if isinstance(node, Mapping):
            for name, child in node.entries.items():
                name_span = node.keys.get(name)
                implied = name_span == node.span
                waiting.append(((*path, name), child, None if implied else name_span))
        elif not isinstance(node, Scalar):
            waiting += [((*path, index), child, None) for index, child in enumerate(node.items)]
    return (here for _, here in sorted(found, key=lambda one: (one[0], str(one[1].path))))


def covers(span: Span, point: Point) -> bool:
    """Tell whether a place is in a span, or at its end."""
    if span.file != point.file:
        return False
    starts = (span.line, span.column) <= (point.line, point.column)
    return starts and (point.line, point.column) <= (span.end_line, span.end_column)


def _told(found: Explanation, project: Project) -> str:
    lines = [found.subject]
    if found.value is not None:
        shown = str(found.value)
        lines.append(f"value: {shown[:_SHOWN]}{'...' if len(shown) > _SHOWN else ''}")
    elif found.hidden:
        lines.append("value: hidden, it is a secret")
    for step in found.steps:
        where = f" ({place(step.location.span, project.directory)})" if step.location else ""
        lines.append(f"{step.role}: {step.text}{where}")
    return "\n".join(lines)


def _token(pattern: re.Pattern[str], line: str, column: int) -> str:
    """Return the match of `pattern` in `line` that `column` is in, or ''."""
    for match in pattern.finditer(line):
        if match.start() < column <= match.end() + 1:
            return match[0]
    return ""


def _anchor(lines: list[str], name: str, file: str) -> tuple[Span, ...]:
    pattern = re.compile(rf"(?<![\w*&])&{re.escape(name)}(?![\w.-])")
    for number, line in enumerate(lines, 1):
        match = pattern.search(line)
        if match:
            return (Span(file, number, match.start() + 1, number, match.end() + 1),)
    return ()


def _file(word: str, point: Point, project: Project | None) -> tuple[Span, ...]:
    """Return the start of the file that a word names: an include, an env_file, a mounted file."""
    name = word.partition(":")[0]
    if not name or name.startswith("-"):
        return ()
    bases = [os.path.dirname(point.file), *([project.directory] if project else [])]
    for base in bases:
        path = os.path.normpath(os.path.join(base, name))
        if os.path.isfile(path):
            return (Span(path, 1, 1, 1, 1),)
    return ()
