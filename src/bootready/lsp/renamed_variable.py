"""A variable of interpolation and a new name -> the edits of Compose and env files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from bootready.knowledge.examples import templates_for
from bootready.lsp.refusal import RefusedError
from bootready.lsp.scope import Scope, text_of
from bootready.model.action import Edit
from bootready.model.node import Mapping as MappingNode
from bootready.model.node import Node, Scalar, Sequence
from bootready.model.position import Span
from bootready.model.project import Project
from bootready.regex import regex
from bootready.report.excerpt import place

NAME_OF_VARIABLE = regex(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_PREFIXES = ("COMPOSE_", "DOCKER_", "BUILDKIT_")
"""What the programs themselves read."""


def rename_variable(
    project: Project, scope: Scope, name: str, new: str, texts: Mapping[str, str]
) -> tuple[Edit, ...]:
    """Return the edits that call variable `name` `new`. Raises RefusedError where somebody
    outside of the files knows it by its name.
    """
    known = [project.variables, *project.included_variables.values()]
    if name.startswith(_PREFIXES):
        raise RefusedError(f"'{name}' is known to Docker by its name")
    if any(name in one and not one[name].line for one in known):
        raise RefusedError(f"'{name}' is set in the shell, where this cannot rename it")
    if any(new in one for one in known) or any(use.reference.name == new for use in project.uses):
        raise RefusedError(f"there is a variable '{new}' already")
    _refuse_passed_on(project, scope, name)
    files = {one[name].source for one in known if name in one} | set(project.env_files)
    edits: list[Edit] = []
    for path, file in scope.files.items():
        edits += _uses(path, file.text, name, new)
        for document in file.documents:
            edits += _named_by_resources(document, file.lines, name, new)
    for path in sorted({*files, *_env_files(project, scope)} - {*scope.files}):
        text = text_of(path, texts)
        edits += _uses(path, text, name, new)
        if path in files:
            edits += _settings(path, text, name, new)
    for path in {one for env in files for one in templates_for(env) if os.path.isfile(one)}:
        text = text_of(path, texts)
        edits += [*_uses(path, text, name, new), *_settings(path, text, name, new)]
    return tuple(dict.fromkeys(edits))


def _env_files(project: Project, scope: Scope) -> set[str]:
    """Return the env files of containers: variables may be used in them."""
    return {path for path in project.sources if path not in scope.files}


def _refuse_passed_on(project: Project, scope: Scope, name: str) -> None:
    for service in project.services:
        for entry in service.environment:
            where = place(entry.location.span, project.directory)
            if entry.name == name and entry.env_file in project.env_files:
                raise RefusedError(
                    f"service '{service.name}' is given '{name}' by its env_file, under this name"
                )
    for file in scope.files.values():
        for document in file.documents:
            for span in _passed_on(document, name):
                where = place(span, project.directory)
                raise RefusedError(f"a container is given it under this name, at {where}")


def _passed_on(root: Node, name: str) -> Iterator[Span]:
    """Yield where a service takes a variable over by its name: ``environment: [NAME]``."""
    services = root.entries.get("services") if isinstance(root, MappingNode) else None
    for service in services.entries.values() if isinstance(services, MappingNode) else ():
        if not isinstance(service, MappingNode):
            continue
        build = service.entries.get("build")
        args = build.entries.get("args") if isinstance(build, MappingNode) else None
        for given in (service.entries.get("environment"), args):
            if isinstance(given, Sequence):
                items = (one for one in given.items if isinstance(one, Scalar))
                yield from (one.span for one in items if one.value == name)
            elif isinstance(given, MappingNode):
                value = given.entries.get(name)
                if isinstance(value, Scalar) and value.value is None:
                    yield given.keys[name]


def _named_by_resources(root: Node, lines: list[str], name: str, new: str) -> Iterator[Edit]:
    """Yield the edits of secrets and configs that are made of the variable."""
    for element in ("secrets", "configs"):
        found = root.entries.get(element) if isinstance(root, MappingNode) else None
        for one in found.entries.values() if isinstance(found, MappingNode) else ():
            value = one.entries.get("environment") if isinstance(one, MappingNode) else None
            if isinstance(value, Scalar) and value.value == name:
                span = value.span
                raw = lines[span.line - 1][span.column - 1 : span.end_column - 1]
                start = span.column + raw.find(name)
                yield Edit(Span(span.file, span.line, start, span.line, start + len(name)), new)


def _uses(path: str, text: str, name: str, new: str) -> Iterator[Edit]:
    """Yield the edits of ``$NAME`` and ``${NAME...}``, but not of ``$$NAME``."""
    pattern = re.compile(rf"(?<!\$)(?:\$\$)*\$\{{?({re.escape(name)})(?![A-Za-z0-9_])")
    yield from _found(path, text, pattern, new)


def _settings(path: str, text: str, name: str, new: str) -> Iterator[Edit]:
    """Yield the edits of the lines of an env file that set it, also where they are comments."""
    pattern = re.compile(rf"^[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?({re.escape(name)})(?=[ \t]*=)")
    yield from _found(path, text, pattern, new)


def _found(path: str, text: str, pattern: re.Pattern[str], new: str) -> Iterator[Edit]:
    for number, line in enumerate(text.split("\n"), 1):
        for match in pattern.finditer(line):
            span = Span(path, number, match.start(1) + 1, number, match.end(1) + 1)
            yield Edit(span, new)
