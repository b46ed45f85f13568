"""A name at a place and a new one -> the edits of every file that names it, or why there are none.

What comes out is proved: the project is resolved with the edits, and nothing of it may differ but
the name where it stands for what is renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bootready.errors import ProjectError
from bootready.host.local import LocalHost
from bootready.lsp.mentions import KINDS, How, Mention, explicit_names
from bootready.lsp.opened import Opened
from bootready.lsp.pointed import Point, covers, variable_at
from bootready.lsp.refusal import RefusedError
from bootready.lsp.renamed_variable import NAME_OF_VARIABLE, rename_variable
from bootready.lsp.same_but import is_same_but
from bootready.lsp.scope import Scope, scope_of
from bootready.model.action import Edit
from bootready.model.connection import Origin
from bootready.model.node import plain
from bootready.model.position import Span
from bootready.model.project import Project
from bootready.pipeline import load
from bootready.read.discover import locate
from bootready.read.source import unsaved
from bootready.regex import regex
from bootready.report.excerpt import place
from bootready.typed import NamedTuple

_NAME = regex(r"[A-Za-z][A-Za-z0-9._-]{0,199}")
_NO_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that YAML reads as something else than a text."""
_ELEMENTS = {kind: element for element, kind in KINDS.items()}


class Named(NamedTuple):
    """What is named at a place: its kind, its name, and the place of the name alone."""

    kind: str
    name: str
    span: Span


class Question(NamedTuple):
    """Where a person asks, and what they see: unsaved texts by path, the shell's variables."""

    opened: Opened
    point: Point
    texts: Mapping[str, str]
    environ: Mapping[str, str]


def named_at(question: Question) -> Named:
    """Return what is named at a place. Raises RefusedError if that cannot be renamed."""
    project, scope = _read(question)
    return _named(question, project, scope)


def renamed(question: Question, new: str) -> tuple[Edit, ...]:
    """Return the edits that give what is named at a place the name `new`. Raises RefusedError."""
    project, scope = _read(question)
    found = _named(question, project, scope)
    if new == found.name:
        return ()
    if found.kind == "variable":
        if not NAME_OF_VARIABLE.fullmatch(new):
            raise RefusedError(f"'{new}' is not a valid name of a variable")
        edits = rename_variable(project, scope, found.name, new, question.texts)
    else:
        edits = _edits(project, scope, found, new)
    _prove(question, project, scope, found, new, edits)
    return edits


def _read(question: Question) -> tuple[Project, Scope]:
    project = question.opened.project
    if project is None:
        raise RefusedError("the project cannot be read, see its findings")
    with unsaved(question.texts):
        own = locate(question.opened.request, question.environ).files
    return project, scope_of(project, own, question.texts)


def _named(question: Question, project: Project, scope: Scope) -> Named:
    point = question.point
    text = question.texts.get(point.file, "")
    variable = variable_at(project, point, text)
    if variable:
        return Named("variable", variable, _word_at(text, point, variable))
    file = scope.files.get(point.file)
    for one in scope.mentions(point.file) if file else ():
        span = _narrow(one, file.lines) if file and covers(one.span, point) else None
        if span is not None and covers(span, point):
            if file and file.is_base and one.how is How.DEFINED and one.kind == "service":
                raise RefusedError(f"'{one.name}' is a base, which other projects may extend")
            return Named(one.kind, one.name, span)
    raise RefusedError(
        "what is here does not name a service, secret, config, network, volume or variable"
    )


def _word_at(text: str, point: Point, name: str) -> Span:
    line = (text.split("\n") + [""] * point.line)[point.line - 1]
    for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", line):
        if match.start() < point.column <= match.end() + 1:
            return Span(point.file, point.line, match.start() + 1, point.line, match.end() + 1)
    raise RefusedError(f"the name of variable '{name}' does not stand here")


def _narrow(one: Mention, lines: list[str]) -> Span | None:
    """Return the place of the name alone, None where it is not written as it is, in one line."""
    span = one.span
    if span.line != span.end_line or span.line > len(lines):
        return None
    raw = lines[span.line - 1][span.column - 1 : span.end_column - 1]
    start = len(raw) - len(raw.lstrip("\"'"))
    if one.how is How.AFTER_SERVICE:
        start = raw.rfind("service:") + len("service:")
    if raw[start : start + len(one.name)] != one.name:
        return None
    column = span.column + start
    return Span(span.file, span.line, column, span.line, column + len(one.name))


def _edits(project: Project, scope: Scope, found: Named, new: str) -> tuple[Edit, ...]:
    """Return the edits for everything but variables."""
    kind, name = found.kind, found.name
    if not _NAME.fullmatch(new) or new.lower() in _NO_TEXT:
        raise RefusedError(f"'{new}' is not a valid name of a {kind}")
    edits: list[Edit] = []
    defined = False
    for path, file in scope.files.items():
        for one in scope.mentions(path):
            if one.kind != kind or one.name not in {name, new}:
                continue
            where = place(one.span, project.directory)
            if one.name == new:
                raise RefusedError(f"there is a {kind} '{new}' already, at {where}")
            if file.is_base and (one.how is not How.DEFINED or kind != "service"):
                raise RefusedError(f"{where} names it too, in a base that others may extend")
            if file.is_base:
                continue  # services of a base have names of their own
            edits.append(_edit(one, file.lines, new, where))
            defined = defined or one.how is How.DEFINED
    if not defined:
        raise RefusedError(f"no file of the project defines {kind} '{name}'")
    _refuse_outside(project, scope, found, new)
    if kind == "service":
        edits += _hosts(project, scope, name, new)
    return tuple(dict.fromkeys(edits))


def _edit(one: Mention, lines: list[str], new: str, where: str) -> Edit:
    span = _narrow(one, lines)
    if span is None:
        raise RefusedError(f"the name is written in a way that cannot be edited at {where}")
    if one.how is How.BUILD:
        raise RefusedError(f"a Dockerfile knows secret '{one.name}' by its name, see {where}")
    if one.how is How.SHORT_GRANT:
        # The file in the container keeps its name: programs know it.
        return Edit(one.span, f"{{source: {new}, target: {one.name}}}")
    if one.how is How.LONG_GRANT:
        before = lines[span.line - 1][: one.span.column - 1]
        key = re.search(r"(?:^|[-{, ])([\"']?source[\"']?\s*:\s*)$", before)
        if key is None:
            raise RefusedError(f"the name is written in a way that cannot be edited at {where}")
        is_flow = "{" in before
        gap = ", " if is_flow else "\n" + " " * key.start(1)
        quote = lines[span.line - 1][one.span.column - 1 : span.column - 1]
        return Edit(one.span, f"{quote}{new}{quote}{gap}target: {one.name}")
    return Edit(span, new)


def _refuse_outside(project: Project, scope: Scope, found: Named, new: str) -> None:
    """Raise RefusedError where something outside of the files has the name."""
    kind, name = found.kind, found.name
    element = _ELEMENTS[kind]
    if kind == "service":
        return
    has_own_name = any(
        name in explicit_names(document, element)
        for file in scope.files.values()
        for document in file.documents
    )
    for one in getattr(project, element):
        key = one.key if element in {"networks", "volumes"} else one.name
        if key == name and one.external and not has_own_name:
            raise RefusedError(
                f"{kind} '{name}' is external: what is outside the project is found by this name;"
                f" give it `name: {name}` first"
            )
        if key == name and kind == "volume" and not has_own_name:
            raise RefusedError(
                f"the engine would make a new, empty volume for '{new}', and the data would stay"
                f" in '{one.name}'; give it `name: {one.name}` first"
            )
    if kind == "network" and "default" in {name, new}:
        raise RefusedError("the network 'default' is the one of services that name none")


def _hosts(project: Project, scope: Scope, name: str, new: str) -> Iterator[Edit]:
    """Yield the edits of addresses in which a service is the host. Raises RefusedError for one
    that is not in a Compose file, or not told apart from what else is there.
    """
    from bootready.connections.find import connections_of

    told: set[Span] = set()
    pattern = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
    for one in connections_of(project, LocalHost()).found:
        span = one.location.span
        if one.host != name or name not in one.targets or span in told:
            continue
        told.add(span)
        where = place(span, project.directory)
        file = scope.files.get(span.file)
        if one.origin is Origin.FILE or file is None or file.is_base or span.line != span.end_line:
            raise RefusedError(f"{where} has it as the name of a host, and is not edited")
        raw = file.lines[span.line - 1][span.column - 1 : span.end_column - 1]
        found = list(pattern.finditer(raw))
        if len(found) != 1:
            raise RefusedError(f"{where} has it as the name of a host among other words")
        column = span.column + found[0].start()
        yield Edit(Span(span.file, span.line, column, span.line, column + len(name)), new)
    yield from _refuse_hosts_left(scope, project, name, told)


def _refuse_hosts_left(
    scope: Scope, project: Project, name: str, told: set[Span]
) -> Iterator[Edit]:
    """Raise RefusedError where something looks like an address that nobody understood."""
    known = {(span.file, span.line) for span in told}
    word = re.escape(name)
    pattern = re.compile(rf"(?:://|@){word}(?![\w.-])|(?<![\w./@-]){word}:\d")
    for path, file in scope.files.items():
        for number, line in enumerate(file.lines, 1):
            if (path, number) not in known and pattern.search(line):
                where = place(Span(path, number, 1, number, 1), project.directory)
                raise RefusedError(f"{where} seems to have it as the name of a host")
    for path, text in project.sources.items():
        if path not in scope.files and pattern.search(text):
            where = place(Span(path, 1, 1, 1, 1), project.directory).partition(":")[0]
            raise RefusedError(f"{where} seems to have it as the name of a host, and is not edited")
    yield from ()


def _prove(  # noqa: PLR0917 - a proof needs both sides of what it compares
    question: Question,
    project: Project,
    scope: Scope,
    found: Named,
    new: str,
    edits: Iterable[Edit],
) -> None:
    """Raise RefusedError unless the project is the same afterwards but for the name."""
    texts = dict(question.texts)
    for path, own in _by_file(edits).items():
        file = scope.files.get(path)
        before = file.text if file else project.sources.get(path, question.texts.get(path))
        if before is not None:
            texts[path] = edited(before, own)
    try:
        with unsaved(texts):
            after = load(question.opened.request, question.environ)
    except ProjectError as error:
        raise RefusedError(f"the project could not be read any more: {error}") from error
    worse = {one.kind for one in after.problems} - {one.kind for one in project.problems}
    if worse or len(after.problems) > len(project.problems):
        told = next((one.message for one in after.problems if one.kind in worse), "")
        raise RefusedError(
            f"Compose would refuse the project: {told or after.problems[-1].message}"
        )
    if not is_same_but(plain(project.model), plain(after.model), found.kind, found.name, new):
        raise RefusedError("more would change than the name: it is used in a way that is not known")


def _by_file(edits: Iterable[Edit]) -> dict[str, list[Edit]]:
    found: dict[str, list[Edit]] = {}
    for one in edits:
        found.setdefault(one.span.file, []).append(one)
    return found


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with `edits`, which do not overlap and are each of one line."""
    lines = text.split("\n")
    for one in sorted(edits, key=lambda edit: (edit.span.line, edit.span.column), reverse=True):
        span = one.span
        line = lines[span.line - 1]
        lines[span.line - 1] = line[: span.column - 1] + one.text + line[span.end_column - 1 :]
    return "\n".join(lines)
