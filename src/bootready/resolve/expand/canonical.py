"""A service or resource as written -> canonical: every short syntax expanded to the long one.

Source: compose-go transform/canonical.go. With `lenient` (no interpolation) what cannot be read
yet, such as a port with a variable in it, stays as it is.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.resolve.expand.paths import clean
from bootready.resolve.merge import as_mapping
from bootready.resolve.syntax.ports import PORT_LIMIT, PortSyntaxError, ShortPort, parse_port
from bootready.resolve.syntax.volumes import VolumeSyntaxError, parse_volume
from bootready.resolve.typed.values import node_text, value_text
from bootready.typed import Callable


class Canon:
    """How far to go, and the problems met so far."""

    __slots__ = ("lenient", "problems", "room")

    def __init__(self, problems: list[Problem], lenient: bool, room: int = PORT_LIMIT) -> None:
        self.problems = problems
        self.lenient = lenient
        self.room = room
        """How many ports the short syntax may still stand for."""

    def refuse(self, kind: str, node: Node, path: YamlPath, message: str) -> Node:
        """Note a problem at `node` and return the node as it is."""
        self.problems.append(Problem(kind, message, Location(node.span, path)))
        return node


Expand = Callable[[Canon, Node, YamlPath], Node]


def canonical_service(service: Mapping, path: YamlPath, canon: Canon) -> Mapping:
    """Return the service at `path` in long syntax."""
    return _expand_entries(service, SERVICE_SYNTAX, path, canon)


def canonical_resource(resource: Mapping, path: YamlPath, canon: Canon) -> Mapping:
    """Return a top-level volume, network, secret or config with `external` as a boolean."""
    external = resource.entries.get("external")
    if not isinstance(external, Mapping):
        return resource
    entries = {**resource.entries, "external": Scalar(True, external.span)}
    keys = dict(resource.keys)
    name = external.entries.get("name")
    if name is not None:
        own = resource.entries.get("name")
        if own is None:
            entries["name"], keys["name"] = name, external.keys["name"]
        elif node_text(own) != node_text(name):
            canon.refuse("external-name-conflict", name, path, "`name` and `external.name` differ")
    return resource.with_entries(entries, keys)


def _expand_entries(
    mapping: Mapping, table: dict[str, Expand], path: YamlPath, canon: Canon
) -> Mapping:
    changed: dict[str, Node] = {}
    for name, node in mapping.entries.items():
        expand = table.get(name)
        if expand is not None:
            made = expand(canon, node, (*path, name))
            if made is not node:
                changed[name] = made
    if not changed:
        return mapping
    return mapping.with_entries({**mapping.entries, **changed})


def _each(expand: Expand) -> Expand:
    """Apply `expand` to every item of a list or entry of a mapping."""

    def expand_each(canon: Canon, node: Node, path: YamlPath) -> Node:
        if isinstance(node, Sequence):
            items = [expand(canon, item, (*path, i)) for i, item in enumerate(node.items)]
            if all(made is item for made, item in zip(items, node.items, strict=True)):
                return node
            return Sequence(items, node.span, node.overrides)
        if isinstance(node, Mapping):
            table = dict.fromkeys(node.entries, expand)
            return _expand_entries(node, table, path, canon)
        return node

    return expand_each


def _inside(table: dict[str, Expand]) -> Expand:
    def expand(canon: Canon, node: Node, path: YamlPath) -> Node:
        if isinstance(node, Mapping):
            return _expand_entries(node, table, path, canon)
        return node

    return expand


def _listed(_canon: Canon, node: Node, _path: YamlPath) -> Node:
    if isinstance(node, Scalar) and type(node.value) is str:
        return Sequence([node], node.span, node.overrides)
    return node


def _names(_canon: Canon, node: Node, _path: YamlPath) -> Node:
    return as_mapping(node) if isinstance(node, Sequence) else node


def made_mapping(node: Node, **values: str | int | bool | None) -> Mapping:
    """Return a mapping at the place of `node`, each value with the variables that made it."""
    span = node.span
    source = node if isinstance(node, Scalar) else Scalar(None, span)
    template, references = source.template, source.references
    entries: dict[str, Node] = {
        name: Scalar(value, span, template, references) for name, value in values.items()
    }
    return Mapping(entries, dict.fromkeys(entries, span), span, node.overrides)


def _file_mount(canon: Canon, node: Node, path: YamlPath) -> Node:
    if isinstance(node, Mapping):
        return node
    if isinstance(node, Scalar) and type(node.value) is str:
        return _holding("source", node)
    return canon.refuse("entry-malformed", node, path, "this must be a name or a mapping")


def _holding(name: str, node: Node) -> Mapping:
    return Mapping({name: node}, {name: node.span}, node.span)


def _build(canon: Canon, node: Node, path: YamlPath) -> Node:
    if isinstance(node, Mapping):
        return _expand_entries(node, BUILD_SYNTAX, path, canon)
    if isinstance(node, Scalar) and type(node.value) is str:
        return _holding("context", node)
    return canon.refuse("build-malformed", node, path, "`build` must be a path or a mapping")


def _extends(_canon: Canon, node: Node, _path: YamlPath) -> Node:
    return _holding("service", node) if isinstance(node, Scalar) else node


def _as_text(_canon: Canon, node: Node, _path: YamlPath) -> Node:
    if isinstance(node, Scalar):
        if type(node.value) is str:
            return node
        return Scalar(value_text(node.value), node.span, overrides=node.overrides)
    return Scalar(node_text(node), node.span)


def _contexts(canon: Canon, node: Node, path: YamlPath) -> Node:
    if not isinstance(node, Sequence):
        return node
    entries: dict[str, Node] = {}
    for item in node.items:
        name, found, value = node_text(item).partition("=")
        if not found:
            if canon.lenient:
                return node
            canon.refuse("entry-malformed", item, path, f"'{name}' must have the form name=path")
        entries[name] = _copy(value, item)
    return Mapping(
        entries, {key: item.span for key, item in entries.items()}, node.span, node.overrides
    )


def _copy(value: str | None, source: Node) -> Scalar:
    if isinstance(source, Scalar):
        return Scalar(value, source.span, source.template, source.references)
    return Scalar(value, source.span)


def _ssh(canon: Canon, node: Node, path: YamlPath) -> Node:
    if not isinstance(node, Sequence):
        return node
    entries: dict[str, Node] = {}
    for item in node.items:
        name, found, value = node_text(item).partition("=")
        if not found and name != "default":
            if canon.lenient:
                return node
            canon.refuse("ssh-key-malformed", item, path, f"ssh key '{name}' has no path")
        entries[name] = _copy(value if found else None, item)
    return Mapping(
        entries, {key: item.span for key, item in entries.items()}, node.span, node.overrides
    )


def _depends_on(canon: Canon, node: Node, path: YamlPath) -> Node:
    mapping = as_mapping(node)
    entries: dict[str, Node] = {}
    for name, value in mapping.entries.items():
        listed = isinstance(node, Sequence)
        if not isinstance(value, Mapping) and not listed:
            canon.refuse(
                "dependency-malformed", value, (*path, name), "a dependency must be a mapping"
            )
        below = value if isinstance(value, Mapping) else Mapping({}, {}, mapping.keys[name])
        if "condition" in below.entries and "required" in below.entries:
            entries[name] = value
            continue
        entries[name] = with_defaults(below, condition="service_started", required=True)
    if isinstance(node, Mapping) and all(
        entries[name] is value for name, value in node.entries.items()
    ):
        return node
    return Mapping(entries, mapping.keys, node.span, node.overrides)


def with_defaults(node: Mapping, **defaults: str | bool | int) -> Mapping:
    """Return `node` with those of `defaults` that it does not have, at its own place."""
    missing = [name for name in defaults if name not in node.entries]
    if not missing:
        return node
    entries, keys = dict(node.entries), dict(node.keys)
    for name in missing:
        entries[name] = Scalar(defaults[name], node.span)
        keys[name] = node.span
    return node.with_entries(entries, keys)


def _env_file(canon: Canon, node: Node, path: YamlPath) -> Node:
    if isinstance(node, Scalar) and type(node.value) is str:
        return Sequence([_env_file_entry(node)], node.span, node.overrides)
    if isinstance(node, Sequence):
        items = [_env_file_entry(item) for item in node.items]
        return Sequence(items, node.span, node.overrides)
    return canon.refuse("env-file-malformed", node, path, "`env_file` must be a path or a list")


def _env_file_entry(node: Node) -> Node:
    if isinstance(node, Mapping):
        return with_defaults(node, required=True)
    if isinstance(node, Scalar) and type(node.value) is str:
        return with_defaults(_holding("path", node), required=True)
    return Scalar(None, node.span)


def _gpus(canon: Canon, node: Node, path: YamlPath) -> Node:
    if isinstance(node, Sequence):
        return node
    if isinstance(node, Scalar) and type(node.value) is str:
        return Sequence([made_mapping(node, count="all")], node.span, node.overrides)
    return canon.refuse("gpus-malformed", node, path, "`gpus` must be 'all' or a list")


def _volume(canon: Canon, node: Node, path: YamlPath) -> Node:
    if isinstance(node, Mapping):
        return node
    if not isinstance(node, Scalar) or type(node.value) is not str:
        return canon.refuse(
            "volume-malformed", node, path, "a volume must be a string or a mapping"
        )
    try:
        short = parse_volume(node.value)
    except VolumeSyntaxError as error:
        return node if canon.lenient else canon.refuse("volume-malformed", node, path, str(error))
    values: dict[str, str | int | bool | None] = {"type": short.kind}
    if short.source:
        values["source"] = short.source
    if short.target:
        values["target"] = clean(short.target)
    if short.read_only:
        values["read_only"] = True
    made = made_mapping(node, **values)
    if short.kind == "bind" or short.propagation or short.selinux:
        bind: dict[str, str | int | bool | None] = {}
        if short.selinux:
            bind["selinux"] = short.selinux
        if short.propagation:
            bind["propagation"] = short.propagation
        if short.kind == "bind":
            bind["create_host_path"] = True
        _put(made, "bind", made_mapping(node, **bind))
    if short.nocopy or (short.kind == "volume" and not short.tiny):
        _put(made, "volume", made_mapping(node, **({"nocopy": True} if short.nocopy else {})))
    return made


def _put(mapping: Mapping, name: str, node: Node) -> None:
    mapping.entries[name] = node
    mapping.keys[name] = node.span


def _device(canon: Canon, node: Node, path: YamlPath) -> Node:
    if isinstance(node, Mapping):
        return node
    if not isinstance(node, Scalar) or type(node.value) is not str:
        return canon.refuse(
            "device-malformed", node, path, "a device must be a string or a mapping"
        )
    parts = node.value.split(":")
    if len(parts) > 3:
        if not canon.lenient:
            return canon.refuse(
                "device-malformed", node, path, f"device '{node.value}' has too many colons"
            )
        parts = [""]
    source = parts[0]
    target = parts[1] if len(parts) > 1 and parts[1] else source
    permissions = parts[2] if len(parts) > 2 else "rwm"
    return made_mapping(node, source=source, target=target, permissions=permissions)


def _ports(canon: Canon, node: Node, path: YamlPath) -> Node:
    if not isinstance(node, Sequence):
        return canon.refuse("port-malformed", node, path, "`ports` must be a list")
    ports: list[Node] = []
    for index, item in enumerate(node.items):
        if isinstance(item, Mapping):
            ports.append(item)
            continue
        value = item.value if isinstance(item, Scalar) else None
        if type(value) not in {str, int}:
            canon.refuse(
                "port-malformed", item, (*path, index), "a port must be a string or a mapping"
            )
            continue
        try:
            read = parse_port(str(value), canon.room)
            canon.room -= len(read)
            ports += [_port(port, item) for port in read]
        except PortSyntaxError as error:
            if canon.lenient:
                return node
            canon.refuse("port-malformed", item, (*path, index), str(error))
    return Sequence(ports, node.span, node.overrides)


def _port(port: ShortPort, node: Node) -> Node:
    values: dict[str, str | int | bool | None] = {"mode": "ingress"}
    if port.host_ip:
        values["host_ip"] = port.host_ip
    if port.target:
        values["target"] = port.target
    if port.published:
        values["published"] = port.published
    values["protocol"] = port.protocol
    return made_mapping(node, **values)


def _ulimit(canon: Canon, node: Node, path: YamlPath) -> Node:
    if canon.lenient or isinstance(node, Mapping):
        return node
    if isinstance(node, Scalar) and type(node.value) is int:
        return node
    return canon.refuse("ulimit-malformed", node, path, "a ulimit must be an integer or a mapping")


def _schedule(_canon: Canon, node: Node, _path: YamlPath) -> Node:
    return _holding("cron", node) if isinstance(node, Scalar) else node


def _dns(_canon: Canon, node: Node, path: YamlPath) -> Node:
    """Make a list of it and drop empty entries (compose-go, loader/omitEmpty.go)."""
    listed = _listed(_canon, node, path)
    if not isinstance(listed, Sequence):
        return listed
    kept = [
        item for item in listed.items if not (isinstance(item, Scalar) and item.value in {None, ""})
    ]
    return listed if len(kept) == len(listed.items) else Sequence(kept, listed.span)


BUILD_SYNTAX: dict[str, Expand] = {
    "additional_contexts": _contexts,
    "provenance": _as_text,
    "sbom": _as_text,
    "secrets": _each(_file_mount),
    "ssh": _ssh,
    "ulimits": _each(_ulimit),
}
SERVICE_SYNTAX: dict[str, Expand] = {
    "build": _build,
    "configs": _each(_file_mount),
    "depends_on": _depends_on,
    "develop": _inside({"watch": _each(_inside({"ignore": _listed, "include": _listed}))}),
    "devices": _each(_device),
    "dns": _dns,
    "env_file": _env_file,
    "extends": _extends,
    "gpus": _gpus,
    "label_file": _listed,
    "models": _names,
    "networks": _names,
    "ports": _ports,
    "secrets": _each(_file_mount),
    "ulimits": _each(_ulimit),
    "volumes": _each(_volume),
}
"""The attributes of a service that have a short syntax, and what expands it."""
SERVICE_SYNTAX["pre_start"] = _each(_inside(SERVICE_SYNTAX))
SERVICE_SYNTAX["triggers"] = _inside({"schedule": _each(_schedule)})
