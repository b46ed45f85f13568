"""A secret or config that a service names and nothing defines -> the edit that defines it.

Compose rejects the project. Whether the file is ours to make is a guess, so it is made on request;
`prepare` then makes the file, or says what it is that only a person has.
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.action import Edit
from bootready.model.lines import lines_of
from bootready.model.near import SURELY, nearest
from bootready.model.position import Span, YamlPath
from bootready.model.problem import Problem
from bootready.model.project import Project
from bootready.read.scalars import plain_value
from bootready.regex import regex

_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def definition_of(project: Project, problem: Problem) -> tuple[Edit, tuple[YamlPath, ...]] | None:
    """Return the edit for all names of the kind of `problem` that its file leaves undefined, and
    the places where they are used; None for a problem whose names an earlier one has told.
    """
    section = f"{problem.kind.removeprefix('undefined-')}s"
    if problem.location is None:
        return None
    file = problem.location.span.file
    found = dict(_undefined(project, section, file))
    names = [name for name in found if _NAME.fullmatch(name)]
    told = (
        one
        for one in project.problems
        if one.kind == problem.kind
        and one.subject in names
        and one.location
        and one.location.span.file == file
    )
    if next(told, None) is not problem:
        return None
    edit = _edit(file, project.sources.get(file, ""), section, names)
    places = tuple(path for name in names for path in found[name])
    return None if edit is None else (edit, places)


def _undefined(project: Project, section: str, file: str) -> Iterator[tuple[str, list[YamlPath]]]:
    items = project.secrets if section == "secrets" else project.configs
    known = {item.name for item in items}
    found: dict[str, list[YamlPath]] = {}
    for service in project.services:
        for grant in service.secrets if section == "secrets" else service.configs:
            name = grant.source
            if name in known or grant.location.span.file != file:
                continue
            if not nearest(name, known, 1, SURELY):  # else it is misspelt, more likely than not
                found.setdefault(name, []).append(grant.location.path[:3])
    yield from found.items()


def _edit(file: str, text: str, section: str, names: list[str]) -> Edit | None:
    lines = lines_of(text)
    if not lines:
        return None
    head = next((n for n, line in enumerate(lines) if line.startswith(f"{section}:")), None)
    if head is None:
        # Behind the very last line: blank ones may belong to a text that keeps them (`|+`).
        last = len(lines) - 1
        return _inserted(file, lines[last], last, f"\n{section}:{_entries(section, names, '  ')}")
    if lines[head].partition("#")[0].rstrip() != f"{section}:":
        return None
    below = next(
        (line for line in lines[head + 1 :] if line.strip() and line.lstrip()[0] != "#"), ""
    )
    indent = below[: len(below) - len(below.lstrip())]
    if not indent:
        return None
    return _inserted(file, lines[head], head, _entries(section, names, indent))


def _entries(section: str, names: list[str], indent: str) -> str:
    return "".join(f"\n{indent}{_key(one)}:\n{indent * 2}file: ./{section}/{one}" for one in names)


def _key(name: str) -> str:
    """Return `name` as a key, in quotes where YAML would read it as a number or the like."""
    return name if isinstance(plain_value(name), str) else f'"{name}"'


def _inserted(file: str, line: str, number: int, text: str) -> Edit:
    column = len(line.rstrip("\r")) + 1
    return Edit(Span(file, number + 1, column, number + 1, column), text)
