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
from bootready.read.source import refuse_outside
from bootready.read.template import Lookup
from bootready.resolve.expand.normalise import taken
from bootready.resolve.merge import replacing
from bootready.resolve.session import Session, TooLargeError, lookup_in

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
    if files is None and isinstance(own, Mapping) and _is_whole(own, service):
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


def _is_whole(own: Mapping, service: Mapping) -> bool:
    """Tell whether the `environment` of a service without env files is as it will be."""
    if own.overrides is not None or own.tag or "environment" not in service.keys:
        return False
    if own.keys.keys() != own.entries.keys():
        return False
    for node in own.entries.values():
        if type(node) is not Scalar or node.value is None:
            return False
    return True


def _above(node: Node, lowest: Node) -> Node:
    """Return `node` with `lowest` below everything that it replaces."""
    chain = [node]
    while (below := chain[-1].overrides) is not None:
        chain.append(below)
    made = lowest
    for one in reversed(chain):
        made = replacing(made, one)
    return made


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
        self.variables = _Noted()
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
        refuse_outside(path, place)
        if not os.path.exists(path):
            required = entry.entries.get("required")
            if not isinstance(required, Scalar) or required.value is not False:
                message = f"service '{self.service}': env file '{path}' does not exist"
                self.session.refuse("env-file-missing", message, place, subject=path)
            elif path:
                self.session.absent_files[path] = None
            return
        kind = entry.entries.get("format")
        form = str(kind.value) if isinstance(kind, Scalar) and kind.value else ""
        if form not in {"", ".env", "raw"}:
            message = f"service '{self.service}': env file format '{form}' must be '.env' or 'raw'"
            self.session.refuse("env-file-format", message, place, subject=form)
            return
        try:
            self.variables.fresh.clear()
            if form == "raw":
                text = self.session.env_text(path, place)
                read_raw(text, path, self.lookup, self.variables)
            else:
                from bootready.read.dotenv import set_variables

                statements = self.session.statements(path, place)
                set_variables(statements, self.lookup, self.variables, self.session.references)
        except TooLargeError:
            raise
        except ProjectError as error:
            self.session.problems += [problem._replace(fatal=False) for problem in error.problems]
            return
        self.session.count_entries(len(self.variables.fresh), place)
        for name in self.variables.set_now():
            self.nodes[name] = self.session.env_node(self.variables[name], self.nodes.get(name))


class _Noted(dict[str, Variable]):
    """The variables of one service, and in `fresh` what those that a file set were before."""

    def __init__(self) -> None:
        super().__init__()
        self.fresh: dict[str, Variable | None] = {}
        self.ranks: dict[str, int] = {}

    def __setitem__(self, name: str, variable: Variable) -> None:
        self.ranks.setdefault(name, len(self.ranks))
        self.fresh.setdefault(name, self.get(name))
        super().__setitem__(name, variable)

    def set_now(self) -> list[str]:
        """Return the names that were given another variable, in the order of their first one."""
        changed = (name for name, before in self.fresh.items() if self[name] is not before)
        return sorted(changed, key=self.ranks.__getitem__)


def read_raw(text: str, file: str, lookup: Lookup, variables: dict[str, Variable]) -> None:
    """Add the variables of a ``raw`` env file: the text after ``=`` as it stands.

    A name alone takes the variable's value, if it has one. Raises ProjectError (docker/cli,
    kvfile).
    """
    from bootready.read.dotenv import SPACE

    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = raw.removesuffix("\r").lstrip(SPACE)
        name, found, value = line.partition("=")
        reason = _refused_raw(raw, line, name)
        if reason:
            place = Location(Span(file, number, 1, number, len(raw) + 1))
            raise ProjectError([Problem("env-file-syntax", reason, place)])
        if not line or line[0] == "#":
            continue
        if found:
            variables[name] = Variable(name, value, file, number)
        elif (inherited := lookup(name)) is not None:
            variables[name] = Variable(name, inherited, file, number)


def _refused_raw(raw: str, line: str, name: str) -> str:
    """Return why a line of a ``raw`` env file is refused, '' if it is not."""
    if len(raw) > _LONGEST_RAW or (not raw.isascii() and len(_bytes(raw)) > _LONGEST_RAW):
        return f"the line is longer than {_LONGEST_RAW:,} bytes"
    if not raw.isascii() and _bytes(raw).decode("utf-8", "ignore") != raw:
        return "the line is not valid UTF-8"
    if not line or line[0] == "#":
        return ""
    if not name:
        return "no name before `=`"
    return f"name '{name}' contains white space" if " " in name or "\t" in name else ""


_LONGEST_RAW = 65_535
"""Bytes that docker/cli reads of a line (bufio.MaxScanTokenSize)."""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def with_label_files(name: str, service: Mapping, session: Session) -> Mapping:
    """Return the service with the labels of its label files; unlike `env_file`, Compose keeps
    `label_file`.
    """
    files = service.entries.get("label_file")
    if files is None:
        return service
    from bootready.read.dotenv import set_variables

    found: dict[str, Variable] = {}
    for item in files.items if isinstance(files, Sequence) else ():
        path = str(item.value) if isinstance(item, Scalar) else ""
        place = Location(item.span, ("services", name, "label_file"))
        refuse_outside(path, place)
        if not os.path.exists(path):
            message = f"service '{name}': label file '{path}' does not exist"
            session.refuse("label-file-missing", message, place, subject=path)
            continue
        try:
            # Each file sees the labels of those before it, nothing else.
            own: dict[str, Variable] = {}
            statements = session.statements(path, place)
            set_variables(statements, lookup_in(found), own, session.references)
            found.update(own)
        except TooLargeError:
            raise
        except ProjectError as error:
            session.problems += [problem._replace(fatal=False) for problem in error.problems]
    written = service.entries.get("labels")
    labels: dict[str, Node] = {}
    places: dict[str, Span] = {}
    for key, variable in found.items():
        line = max(variable.line, 1)
        places[key] = Span(variable.source, line, 1, line, 1)
        labels[key] = Scalar(variable.value, places[key])
    if isinstance(written, Mapping):
        labels |= written.entries
        places |= written.keys
    entries = dict(service.entries)
    keys = dict(service.keys)
    if labels:
        span = written.span if written is not None else files.span
        entries["labels"] = Mapping(labels, places, span)
        keys.setdefault("labels", span)
    return service.with_entries(entries, keys)
