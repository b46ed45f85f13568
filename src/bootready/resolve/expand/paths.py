"""A canonical model -> the same with its relative paths joined to a directory.

Source: compose-go paths/resolve.go. The directory may itself be relative: an included file's paths
are first made relative to the including one's, whose own phase then makes them absolute.
"""

from __future__ import annotations

import os
from posixpath import isabs, normpath

from bootready.fence import is_outside
from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.model.subject import attribute_of, subject_of
from bootready.resolve.refuse.violation import Violations
from bootready.typed import Callable, Iterator

_REMOTE = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")


class Base:
    """The directory that relative paths start from, and the home directory for ``~``."""

    __slots__ = ("directory", "home", "refused")

    def __init__(self, directory: str, home: str) -> None:
        self.directory = directory
        self.home = home
        self.refused: list[Node] = []
        """What Compose refuses while it joins paths: no text, or a bind mount without `source`."""

    def join(self, path: str) -> str:
        """Return `path` below the directory, cleaned."""
        return join(self.directory, path)

    def expand(self, path: str) -> str:
        """Replace a leading ``~`` by the home directory, where there is one."""
        return join(self.home, path[1:]) if path[:1] == "~" and self.home else path


def join(directory: str, path: str) -> str:
    """Return the two joined and cleaned, as Go's filepath.Join does."""
    if not directory or not path:
        return normpath(directory or path) if directory or path else ""
    made = normpath(f"{directory}/{path}")
    return made[1:] if made.startswith("//") else made


def clean(path: str) -> str:
    """Return a path as Go's path.Clean does: '' is '.', and '//x' is '/x'."""
    if not path:
        return "."
    made = normpath(path)
    return made[1:] if made.startswith("//") else made


Resolver = Callable[[Node, Base], Node]


def resolve_service_paths(service: Mapping, base: Base) -> Mapping:
    """Return a service with the paths of its attributes joined to `base`."""
    return _resolve_entries(service, SERVICE_PATHS, base)


def resolve_file_object_paths(resource: Mapping, base: Base) -> Mapping:
    """Return a top-level secret or config with its `file` joined to `base`."""
    return _resolve_entries(resource, {"file": _any_path}, base)


def resolve_volume_paths(volume: Mapping, base: Base) -> Mapping:
    """Return a top-level volume; the device of a local bind is a path too."""
    if _text(volume.entries.get("driver")) != "local":
        return volume
    options = volume.entries.get("driver_opts")
    if not isinstance(options, Mapping) or _text(options.entries.get("o")) != "bind":
        return volume
    return _resolve_entries(volume, {"driver_opts": _inside({"device": _any_path})}, base)


def path_problems(model: Mapping, base: Base) -> list[Problem]:
    """Return why Compose refuses the nodes of `model` that `base` noted, or crashes on them."""
    if not base.refused:
        return []
    found = Violations()
    refused = {id(node) for node in base.refused}
    for kind in ("services", "jobs"):
        for node, path in _below(model.entries.get(kind), (kind,)):
            if id(node) not in refused:
                continue
            place = Location(node.span, path)
            if isinstance(node, Mapping) and "source" not in node.entries:
                found.problems.append(_sourceless(place))
            else:
                found.other_type(place, node, "s")
    return found.problems


def _below(node: Node | None, path: YamlPath) -> Iterator[tuple[Node, YamlPath]]:
    """Yield `node` and everything in it, each with its path."""
    if node is None:
        return
    yield node, path
    if isinstance(node, Mapping):
        for key, child in node.entries.items():
            yield from _below(child, (*path, key))
    elif isinstance(node, Sequence):
        for index, child in enumerate(node.items):
            yield from _below(child, (*path, index))


def _sourceless(place: Location) -> Problem:
    subject, where = subject_of(place.path), attribute_of(place.path)
    return Problem(
        "mount-source-missing",
        f"{subject}: `{where}` is a bind mount without a `source`",
        place,
        subject=str(place.path[1]),
        hint="set `source` to a file or directory on the host, such as ./data",
    )


def _resolve_entries(mapping: Mapping, table: dict[str, Resolver], base: Base) -> Mapping:
    changed: dict[str, Node] = {}
    for name, resolve in table.items():
        node = mapping.entries.get(name)
        if node is not None:
            made = resolve(node, base)
            if made is not node:
                changed[name] = made
    if not changed:
        return mapping
    return mapping.with_entries({**mapping.entries, **changed})


def _inside(table: dict[str, Resolver]) -> Resolver:
    def resolve(node: Node, base: Base) -> Node:
        return _resolve_entries(node, table, base) if isinstance(node, Mapping) else node

    return resolve


def _each(resolver: Resolver) -> Resolver:
    def resolve(node: Node, base: Base) -> Node:
        if isinstance(node, Sequence):
            items = [resolver(item, base) for item in node.items]
            if all(made is item for made, item in zip(items, node.items, strict=True)):
                return node
            return Sequence(items, node.span, node.overrides)
        if isinstance(node, Mapping):
            return _resolve_entries(node, dict.fromkeys(node.entries, resolver), base)
        return node

    return resolve


def _text(node: Node | None) -> str | None:
    return node.value if isinstance(node, Scalar) and type(node.value) is str else None


def _replaced(node: Node, text: str) -> Node:
    if not isinstance(node, Scalar) or node.value == text:
        return node
    return Scalar(text, node.span, node.template, node.references, node.overrides)


def _path(node: Node, base: Base) -> Node:
    """Join a path of this machine; an empty one stays empty."""
    text = _text(node)
    if text is None:
        base.refused.append(node)
        return node
    expanded = base.expand(text)
    is_whole = not expanded or os.path.isabs(expanded)
    return _replaced(node, expanded if is_whole else base.join(expanded))


def _any_path(node: Node, base: Base) -> Node:
    """Join a path that may also be one of Windows; an empty one becomes the directory.

    What is no text stays: Compose takes it for the value of an SSH key.
    """
    text = _text(node)
    if text is None:
        return node
    expanded = base.expand(text)
    if isabs(expanded) or _is_windows_absolute(expanded):
        return _replaced(node, expanded)
    return _replaced(node, base.join(expanded) if expanded else base.join("."))


def _is_windows_absolute(path: str) -> bool:
    if len(path) > 2 and path[0].isascii() and path[0].isalpha() and path[1] == ":":
        return path[2] in "\\/"
    return path.startswith("\\\\") and path.count("\\") > 3


def _context(node: Node, base: Base) -> Node:
    text = _text(node)
    if text is not None and ("://" in text or text.startswith(("service:", *_REMOTE))):
        return node
    return _path(node, base)


def _watched(node: Node, base: Base) -> Node:
    """Join a path and replace the first symbolic link on the way by what it points at."""
    made = _path(node, base)
    text = _text(made)
    if not text:
        return made
    current = "/" if isabs(text) else ""
    for part in filter(None, text.split("/")):
        current = join(current, part)
        if not is_outside(current) and os.path.islink(current):
            return _replaced(made, text.replace(current, os.path.realpath(current), 1))
    return made


def _mount(node: Node, base: Base) -> Node:
    if not isinstance(node, Mapping) or _text(node.entries.get("type")) != "bind":
        return node
    if "source" not in node.entries:
        base.refused.append(node)
    elif _text(node.entries["source"]) is None:
        base.refused.append(node.entries["source"])
    return _resolve_entries(node, {"source": _any_path}, base)


def _extended(node: Node, base: Base) -> Node:
    text = _text(node)
    return node if text is not None and is_remote(text) else _path(node, base)


def is_remote(path: str) -> bool:
    """Tell whether an include or extends names a Git repository or an OCI artifact."""
    return path.startswith(
        ("oci://", "https://", "http://", "git://", "ssh://", "git@", "github.com/")
    )


SERVICE_PATHS: dict[str, Resolver] = {
    "build": _inside(
        {"context": _context, "additional_contexts": _each(_context), "ssh": _each(_any_path)}
    ),
    "env_file": _each(_inside({"path": _path})),
    "label_file": _each(_path),
    "extends": _inside({"file": _extended}),
    "develop": _inside({"watch": _each(_inside({"path": _watched}))}),
    "volumes": _each(_mount),
}
"""The attributes of a service that hold paths."""
SERVICE_PATHS["pre_start"] = _each(_inside(SERVICE_PATHS))
