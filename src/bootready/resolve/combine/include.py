"""A model with `include` -> the model with the resources of the included files in it.

Source: compose-go loader/include.go. An included file is resolved on its own, with its own
directory and env files; where both define a resource, the including file is merged over it.
"""

import os
from collections.abc import Iterator

from bootready.errors import ProjectError
from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location
from bootready.model.problem import Variable
from bootready.read.dotenv import read_dotenv
from bootready.read.source import read_text, refuse_outside
from bootready.resolve.combine.document import Document
from bootready.resolve.combine.extends import directory_of
from bootready.resolve.expand.paths import is_remote, join
from bootready.resolve.merge import Merger, identity
from bootready.resolve.refuse.compose_v2 import conflict
from bootready.resolve.session import Scope, TooLargeError, lookup_in
from bootready.typed import NamedTuple

KINDS = ("services", "jobs", "volumes", "networks", "secrets", "configs", "models")

DEPTH_LIMIT = 60
"""Files that include one another in a chain; each costs a few calls of the stack."""
LOAD_LIMIT = 5000
"""Includes carried out for one project: a file is loaded as often as it is included."""


class _Entry(NamedTuple):
    """One entry of `include`."""

    paths: tuple[str, ...]
    project_directory: str
    env_files: tuple[str, ...]
    node: Node
    path_nodes: tuple[Node, ...]


def included(model: Mapping, document: Document) -> Mapping:
    """Return the model of `document` with all that it includes, and without `include`."""
    node = model.entries.get("include")
    if node is None:
        return model
    entries = {name: value for name, value in model.entries.items() if name != "include"}
    model = model.with_entries(entries)
    if isinstance(node, Scalar) and node.value is None:
        return model
    if not isinstance(node, Sequence):
        place = Location(node.span, ("include",))
        document.session.refuse("include-malformed", "`include` must be a list", place)
        return model
    for index, item in enumerate(node.items):
        entry = _read_entry(item)
        place = Location(item.span, ("include", index))
        if entry is None:
            document.session.refuse("include-malformed", "an include has no `path`", place)
            continue
        imported = _Including(document, entry, place).load()
        if imported is not None:
            model = _import(imported, model, document)
    return model


class _Including:
    """One entry of `include`, being loaded."""

    def __init__(self, document: Document, entry: _Entry, place: Location) -> None:
        self.document = document
        self.session = document.session
        self.scope = document.scope
        self.entry = entry
        self.place = place

    def load(self) -> Mapping | None:
        paths = self.paths()
        if paths is None:
            return None
        directory, project = self.directories(paths[0])
        if paths[0] in self.document.including:
            chain = [*self.document.including, paths[0]]
            shown = " -> ".join(f"'{os.path.basename(path)}'" for path in chain)
            message = f"include cycle: {shown}"
            self.session.refuse("include-cycle", message, self.place, fatal=True)
            return None
        if not self.is_within_limits():
            return None
        scope = Scope(self.variables(project), directory, project, self.scope.home)
        return self.document.load_model(paths, scope, self.document.including)

    def is_within_limits(self) -> bool:
        """Count this include; note the problem, once, where there are too many to go on."""
        self.session.includes += 1
        if len(self.document.including) > DEPTH_LIMIT:
            message = f"includes are nested deeper than {DEPTH_LIMIT} levels"
        elif self.session.includes > LOAD_LIMIT:
            message = f"more than {LOAD_LIMIT:,} includes: files are included repeatedly"
        else:
            return True
        if not any(problem.kind == "include-limit" for problem in self.session.problems):
            self.session.refuse("include-limit", message, self.place, fatal=True)
        return False

    def paths(self) -> tuple[str, ...] | None:
        """Return the files, absolute, or None where one is not there (a problem then)."""
        made: list[str] = []
        for written, node in zip(self.entry.paths, self.entry.path_nodes, strict=True):
            place = Location(node.span, self.place.path)
            if is_remote(written):
                message = f"include '{written}' is remote; only local files are read"
                self.session.refuse("remote-file", message, place, subject=written, fatal=True)
                return None
            path = written if os.path.isabs(written) else join(self.scope.base, written)
            refuse_outside(path, place)
            if not os.path.isfile(path):
                what = "is a directory" if os.path.isdir(path) else "does not exist"
                if not os.path.exists(path) or os.path.isdir(path):
                    message = f"included file '{written}' {what}"
                    self.session.refuse(
                        "include-file-missing", message, place, subject=written, fatal=True
                    )
                    return None
            made.append(path)
        return tuple(made) or None

    def directories(self, main: str) -> tuple[str, str]:
        """Return what paths are joined to, and where further files are looked for."""
        given = self.entry.project_directory
        if not given:
            return directory_of(main, self.scope.base), os.path.dirname(main)
        if os.path.isabs(given):
            return given, given
        # compose-go joins to the including file's own directory, which may be relative.
        return directory_of(given, self.scope.base), join(self.scope.directory, given)

    def env_paths(self, project: str) -> Iterator[tuple[str, str]]:
        """Yield the own env files, as they are written and absolute; or the ``.env`` there is."""
        for written in self.entry.env_files:
            if written != "/dev/null":
                yield written, self.absolute(self.scope.directory, written)
        default = self.absolute(project, ".env")
        refuse_outside(default, self.place)
        if not self.entry.env_files and os.path.isfile(default):
            yield default, default

    def absolute(self, directory: str, path: str) -> str:
        """Return a path below a directory that may itself be relative, to where we run then."""
        return os.path.normpath(os.path.join(self.session.here, directory, path))

    def variables(self, project: str) -> dict[str, Variable]:
        """Return the including file's variables, and below them those of the own env files."""
        found: dict[str, Variable] = {}
        for written, path in self.env_paths(project):
            place = Location(self.entry.node.span, self.place.path)
            refuse_outside(path, place)
            if not os.path.exists(path) or os.path.isdir(path):
                what = "is a directory" if os.path.isdir(path) else "does not exist"
                message = f"env file '{written}' of an include {what}"
                hint = "create it; bootready prepare copies the example of it, if there is one"
                self.session.refuse(
                    "env-file-missing", message, place, subject=path, fatal=True, hint=hint
                )
                continue
            try:
                text = read_text(path, place)
                self.session.texts[path] = text
                self.session.count_file(path, len(text), place)
                self.session.env_files[path] = None
                read_dotenv(
                    text, path, lookup_in(self.scope.variables), found, self.session.references
                )
            except TooLargeError:
                raise
            except ProjectError as error:
                self.session.problems += error.problems
        return {**found, **self.scope.variables}


def _import(imported: Mapping, model: Mapping, document: Document) -> Mapping:
    """Return `model` with the resources of `imported`, its own merged over those."""
    merger = Merger()
    entries, keys = dict(model.entries), dict(model.keys)
    for kind in KINDS:
        source = imported.entries.get(kind)
        if not isinstance(source, Mapping):
            continue
        target = entries.get(kind)
        if not isinstance(target, Mapping):
            entries[kind] = source
            keys.setdefault(kind, source.span)
            if kind == "services":
                document.imported.update(source.keys)
            continue
        below, places = dict(target.entries), dict(target.keys)
        for name, resource in source.entries.items():
            own = below.get(name)
            if own is None:
                below[name] = resource
                places[name] = source.keys[name]
                if kind == "services":
                    document.imported[name] = source.keys[name]
                continue
            if identity(resource) == identity(own):
                continue
            places_of_both = source.keys[name], target.keys.get(name, own.span)
            document.session.refused_by_v2.append(conflict(kind, name, *places_of_both))
            lower = resource
            if isinstance(resource, Mapping):
                lower = document.resets.apply(resource, kind, name)
            below[name] = merger.merge(lower, own, (kind, name))
        entries[kind] = target.with_entries(below, places)
    document.session.problems += merger.problems
    return model.with_entries(entries, keys)


def _read_entry(node: Node) -> _Entry | None:
    if isinstance(node, Scalar):
        return _Entry((str(node.value),), "", (), node, (node,)) if node.value else None
    if not isinstance(node, Mapping):
        return None
    nodes = _texts(node.entries.get("path"))
    if not nodes:
        return None
    directory = node.entries.get("project_directory")
    text = directory.value if isinstance(directory, Scalar) else ""
    return _Entry(
        tuple(str(item.value) for item in nodes),
        text if isinstance(text, str) else "",
        tuple(str(item.value) for item in _texts(node.entries.get("env_file"))),
        node,
        tuple(nodes),
    )


def _texts(node: Node | None) -> list[Scalar]:
    items = node.items if isinstance(node, Sequence) else [node]
    return [item for item in items if isinstance(item, Scalar) and isinstance(item.value, str)]
