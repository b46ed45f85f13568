"""Services with `env_file` and `label_file` -> services with the variables and labels in them.

Sources: compose-go types/project.go (WithServicesEnvironmentResolved, WithServicesLabelsResolved)
and docker/compose cmd/compose/compose.go (the ``raw`` format).
"""

from __future__ import annotations

import os

from bootready.errors import ProjectError
from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, Span
from bootready.model.problem import Problem, Variable
from bootready.read.dotenv import read_dotenv
from bootready.read.source import read_bytes
from bootready.read.template import Lookup
from bootready.resolve.expand.normalise import taken
from bootready.resolve.merge import replacing
from bootready.resolve.session import Session

Origins = dict[tuple[str, str], str]


def with_env_files(
    name: str, service: Mapping, lookup: Lookup, session: Session, origins: Origins
) -> Mapping:
    """Return the service with its env files in `environment` and without `env_file`.

    `origins` gets the file that set each variable of it.
    """
    own = service.entries.get("environment")
    files = service.entries.get("env_file")
    if files is None and own is None:
        return service
    environment = _own_environment(own, lookup) if isinstance(own, Mapping) else {}
    entries = {key: node for key, node in service.entries.items() if key != "env_file"}
    keys = dict(service.keys)
    if isinstance(files, Sequence):
        reader = _EnvFiles(name, environment, lookup, session)
        for index, entry in enumerate(files.items):
            if isinstance(entry, Mapping):
                reader.read(entry, index)
        for variable, node in reader.nodes.items():
            if variable in environment:
                environment[variable] = _above(environment[variable], node)
            else:
                environment[variable] = node
                origins[name, variable] = node.span.file
    if environment:
        place = files.span if own is None and files is not None else service.span
        places = own.keys if isinstance(own, Mapping) else {}
        places = {key: places.get(key, node.span) for key, node in environment.items()}
        entries["environment"] = Mapping(environment, places, own.span if own else place)
        keys.setdefault("environment", place)
    return service.with_entries(entries, keys)


def _above(node: Node, lowest: Node) -> Node:
    """Return `node` with `lowest` below everything that it replaces."""
    below = node.overrides
    return replacing(lowest if below is None else _above(below, lowest), node)


def _own_environment(own: Mapping, lookup: Lookup) -> dict[str, Node]:
    made: dict[str, Node] = {}
    for name, node in own.entries.items():
        value = lookup(name) if isinstance(node, Scalar) and node.value is None else None
        made[name] = node if value is None else taken(value, name, node.span)
    return made


class _EnvFiles:
    """Reads the env files of one service, in order."""

    def __init__(
        self, service: str, environment: dict[str, Node], lookup: Lookup, session: Session
    ) -> None:
        self.service = service
        self.own = environment
        self.outer = lookup
        self.session = session
        self.variables: dict[str, Variable] = {}
        for name, node in environment.items():
            if isinstance(node, Scalar) and node.value is not None:
                self.variables[name] = Variable(name, str(node.value), node.span.file)
        self.nodes: dict[str, Scalar] = {}

    def lookup(self, name: str) -> str | None:
        value = self.outer(name)
        if value is None:
            node = self.own.get(name)
            if isinstance(node, Scalar) and node.value is not None:
                return str(node.value)
        return value

    def read(self, entry: Mapping, index: int) -> None:
        node = entry.entries.get("path", entry)
        # An empty path is a file that is not there.
        path = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
        place = Location(node.span, ("services", self.service, "env_file", index, "path"))
        if not os.path.exists(path):
            required = entry.entries.get("required")
            if not isinstance(required, Scalar) or required.value is not False:
                message = f"service '{self.service}': env file '{path}' does not exist"
                self.session.refuse("env-file-missing", message, place, subject=path)
            return
        kind = entry.entries.get("format")
        form = str(kind.value) if isinstance(kind, Scalar) and kind.value else ""
        if form not in {"", ".env", "raw"}:
            message = f"service '{self.service}': env file format '{form}' must be '.env' or 'raw'"
            self.session.refuse("env-file-format", message, place, subject=form)
            return
        try:
            text = read_bytes(path, place).decode("utf-8", "surrogateescape")
            self.session.texts.setdefault(path, text)
            before = dict(self.variables)
            if form == "raw":
                read_raw(text, path, self.lookup, self.variables)
            else:
                read_dotenv(text, path, self.lookup, self.variables, self.session.references)
        except ProjectError as error:
            self.session.problems += [problem._replace(fatal=False) for problem in error.problems]
            return
        for name, variable in self.variables.items():
            if before.get(name) is not variable:
                line = max(variable.line, 1)
                span = Span(path, line, 1, line, 1)
                self.nodes[name] = Scalar(variable.value, span, overrides=self.nodes.get(name))


def read_raw(text: str, file: str, lookup: Lookup, variables: dict[str, Variable]) -> None:
    """Add the variables of a ``raw`` env file: the text behind ``=`` as it stands.

    A name alone takes the variable's value, if it has one. Raises ProjectError (docker/cli,
    kvfile).
    """
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = raw.removesuffix("\r").lstrip()
        if not line or line[0] == "#":
            continue
        name, found, value = line.partition("=")
        if not name or any(character.isspace() for character in name):
            place = Location(Span(file, number, 1, number, len(raw) + 1))
            message = f"name '{name}' contains white space" if name else "no name before `=`"
            raise ProjectError([Problem("env-file-syntax", message, place)])
        if found:
            variables[name] = Variable(name, value, file, number)
        elif (inherited := lookup(name)) is not None:
            variables[name] = Variable(name, inherited, file, number)


def with_label_files(name: str, service: Mapping, session: Session) -> Mapping:
    """Return the service with the labels of its label files; unlike `env_file`, Compose keeps
    `label_file`.
    """
    files = service.entries.get("label_file")
    if files is None:
        return service
    found: dict[str, Variable] = {}
    for item in files.items if isinstance(files, Sequence) else ():
        path = str(item.value) if isinstance(item, Scalar) else ""
        place = Location(item.span, ("services", name, "label_file"))
        if not os.path.exists(path):
            message = f"service '{name}': label file '{path}' does not exist"
            session.refuse("label-file-missing", message, place, subject=path)
            continue
        try:
            text = read_bytes(path, place).decode("utf-8", "surrogateescape")
            session.texts.setdefault(path, text)
            # Each file sees the labels of those before it, nothing else.
            known = {key: variable.value for key, variable in found.items()}
            found.update(read_dotenv(text, path, known.get, None, session.references))
        except ProjectError as error:
            session.problems += [problem._replace(fatal=False) for problem in error.problems]
    own = service.entries.get("labels")
    labels: dict[str, Node] = {}
    places: dict[str, Span] = {}
    for key, variable in found.items():
        line = max(variable.line, 1)
        places[key] = Span(variable.source, line, 1, line, 1)
        labels[key] = Scalar(variable.value, places[key])
    if isinstance(own, Mapping):
        labels |= own.entries
        places |= own.keys
    entries = dict(service.entries)
    keys = dict(service.keys)
    if labels:
        span = own.span if own is not None else files.span
        entries["labels"] = Mapping(labels, places, span)
        keys.setdefault("labels", span)
    return service.with_entries(entries, keys)
