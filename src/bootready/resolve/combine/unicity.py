"""A merged model -> the same without redefined entries: of a list, the last one of each key stays.

Source: compose-go override/uncity.go. An entry that is defined again keeps its first position.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, YamlPath
from bootready.model.problem import Problem
from bootready.resolve.merge import replacing
from bootready.resolve.syntax.volumes import VolumeSyntaxError, parse_volume
from bootready.resolve.typed.values import value_text
from bootready.typed import Callable

Key = Callable[[Node], str]


class _NoKeyError(Exception):
    """An entry has no key; the text says why."""


def unique_service(service: Mapping, path: YamlPath, problems: list[Problem]) -> Mapping:
    """Return the service at `path` with every list of its own free of redefinitions."""
    return _unique_entries(service, SERVICE_KEYS, path, problems)


def unique_network(network: Mapping, path: YamlPath, problems: list[Problem]) -> Mapping:
    """Return the top-level network at `path` with its lists free of redefinitions."""
    return _unique_entries(network, NETWORK_KEYS, path, problems)


Table = dict[str, "Key | Table"]


def _unique_entries(
    mapping: Mapping, table: Table, path: YamlPath, problems: list[Problem]
) -> Mapping:
    changed: dict[str, Node] = {}
    anything = table.get("*")
    for name, node in mapping.entries.items():
        rule = table.get(name) or anything
        if rule is None:
            continue
        if isinstance(node, Sequence):
            if not isinstance(rule, dict) and node.items:
                made: Node = _unique_items(node, rule, (*path, name), problems)
                if made is not node:
                    changed[name] = made
        elif isinstance(node, Mapping) and isinstance(rule, dict):
            made = _unique_entries(node, rule, (*path, name), problems)
            if made is not node:
                changed[name] = made
    if not changed:
        return mapping
    return mapping.with_entries({**mapping.entries, **changed})


def _unique_items(
    sequence: Sequence, key_of: Key, path: YamlPath, problems: list[Problem]
) -> Sequence:
    if len(sequence.items) == 1 and key_of in _BY_TARGET and _is_long(sequence.items[0]):
        return sequence
    kept: dict[str, Node] = {}
    for index, item in enumerate(sequence.items):
        try:
            key = key_of(item)
        except (_NoKeyError, VolumeSyntaxError) as error:
            place = Location(item.span, (*path, index))
            problems.append(Problem("entry-malformed", str(error), place))
            key = f"\0{index}"
        earlier = kept.get(key)
        kept[key] = item if earlier is None else replacing(earlier, item)
    if len(kept) == len(sequence.items):
        return sequence
    return Sequence(list(kept.values()), sequence.span, sequence.overrides)


def _is_long(node: Node) -> bool:
    """Tell whether `node` is in long syntax with a `target`, and so has a key."""
    target = node.entries.get("target") if isinstance(node, Mapping) else None
    return isinstance(target, Scalar) and type(target.value) is str


def _name(node: Node) -> str:
    if isinstance(node, Scalar) and type(node.value) is str:
        return node.value.partition("=")[0]
    raise _NoKeyError("an entry of this list must be a string")


def _volume(node: Node) -> str:
    if isinstance(node, Mapping):
        return _text_of(node, "target", "a volume has no `target`")
    if isinstance(node, Scalar) and type(node.value) is str:
        return parse_volume(node.value).target
    return ""


def _device(node: Node) -> str:
    if isinstance(node, Mapping):
        return _text_of(node, "target", "a device has no `target`")
    if isinstance(node, Scalar) and type(node.value) is str:
        parts = node.value.split(":")
        return parts[0] if len(parts) == 1 else parts[1]
    return ""


def _text_of(node: Mapping, name: str, missing: str) -> str:
    found = node.entries.get(name)
    if isinstance(found, Scalar) and type(found.value) is str:
        return found.value
    raise _NoKeyError(missing)


def _exposed(node: Node) -> str:
    if isinstance(node, Scalar) and type(node.value) in {str, int}:
        return value_text(node.value)
    raise _NoKeyError("an exposed port must be a string or an integer")


def _mounted(directory: str) -> Key:
    def key(node: Node) -> str:
        if isinstance(node, Mapping):
            named = node.entries.get("target") or node.entries.get("source")
            text = value_text(named.value) if isinstance(named, Scalar) else "<nil>"
            return text if "target" in node.entries else f"{directory}/{text}"
        if isinstance(node, Scalar) and type(node.value) is str:
            return f"{directory}/{node.value}"
        raise _NoKeyError("an entry of this list must be a string or a mapping")

    return key


def _port(node: Node) -> str:
    if isinstance(node, Scalar):
        return value_text(node.value) if type(node.value) in {str, int} else ""
    if not isinstance(node, Mapping):
        return ""
    if "target" not in node.entries:
        raise _NoKeyError("a port has no `target`")
    parts = []
    for name, default in _PORT_DEFAULTS:
        value = node.entries.get(name)
        if not isinstance(value, Scalar):
            parts.append(default)
        elif isinstance(value.value, int):
            # Go's %s: neither no `published` nor the number 8080 are equal to a text.
            parts.append(f"int={value_text(value.value)}")
        else:
            parts.append(value_text(value.value))
    return "{}:{}:{}/{}".format(*parts)


_PORT_DEFAULTS = (
    ("host_ip", "0.0.0.0"),  # noqa: S104 - Compose's default, not an address that we listen on
    ("published", "<nil>"),
    ("target", ""),
    ("protocol", "tcp"),
)


def _env_file(node: Node) -> str:
    if isinstance(node, Mapping):
        return _text_of(node, "path", "an env file has no `path`")
    return node.value if isinstance(node, Scalar) and type(node.value) is str else ""


SERVICE_KEYS: Table = {
    "annotations": _name,
    "build": {
        "args": _name,
        "additional_contexts": _name,
        "platform": _name,
        "tags": _name,
        "labels": _name,
    },
    "cap_add": _name,
    "cap_drop": _name,
    "configs": _mounted(""),
    "deploy": {"labels": _name},
    "devices": _device,
    "dns": _name,
    "dns_opt": _name,
    "dns_search": _name,
    "environment": _name,
    "env_file": _env_file,
    "expose": _exposed,
    "labels": _name,
    "links": _name,
    "networks": {"*": {"aliases": _name, "link_local_ips": _name}},
    "ports": _port,
    "profiles": _name,
    "secrets": _mounted("/run/secrets"),
    "sysctls": _name,
    "tmpfs": _name,
    "volumes": _volume,
}
"""What makes two entries of a list the same one."""
_BY_TARGET = frozenset({_device, _port, _volume})
"""Those whose entries in long syntax always have a key if they have a `target`."""
NETWORK_KEYS: Table = {"labels": _name, "ipam": {"options": _name}}
