"""A list or mapping of a normalised model -> what `docker compose config` prints for it.

Codecs as in `codecs`, which has those of single values.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Span, YamlPath
from bootready.read.scalars import Timestamp
from bootready.resolve.typed.codecs import EXTENSIONS, Codec, Refuse, kept_string
from bootready.resolve.typed.values import node_text, scalar_at, value_text


def strings(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A list of strings; integers become strings."""
    if not isinstance(node, Sequence):
        if isinstance(node, Scalar) and node.value is None:
            return None
        binder.refuse("type", path, node, "must be a list")
        return None
    made = [kept_string(binder, item, (*path, index)) for index, item in enumerate(node.items)]
    return _list([item for item in made if item is not None], node)


def string_or_list(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A string or a list of strings."""
    if isinstance(node, Scalar) and type(node.value) is str:
        return Sequence([node], node.span, node.overrides)
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            if not isinstance(item, Scalar) or not isinstance(item.value, str):
                binder.refuse("type", (*path, index), item, "must be a string")
    return strings(binder, node, path)


def texts(_binder: Refuse, node: Node, _path: YamlPath) -> Node | None:
    """A list of strings or numbers, all printed as strings."""
    if isinstance(node, Sequence):
        return _list([_text_of(item) for item in node.items], node)
    return Sequence([_text_of(node)], node.span)


def _list(items: list[Node], source: Node) -> Node | None:
    return Sequence(items, source.span, source.overrides) if items else None


def _text_of(node: Node) -> Node:
    if isinstance(node, Scalar):
        return node if type(node.value) is str else scalar_at(value_text(node.value), node)
    return Scalar(node_text(node), node.span)


def gathered(node: Mapping) -> Mapping:
    """Return a mapping of the user's names as Compose has it: ``x-`` keys under one of its own.

    Compose takes them for extensions, even in `environment` (loader.go, processExtensions).
    """
    for key in node.entries:
        if key[:2] == "x-":
            break
    else:
        return node
    extra = {key: value for key, value in node.entries.items() if key.startswith("x-")}
    entries = {key: value for key, value in node.entries.items() if key not in extra}
    entries[EXTENSIONS] = Mapping(extra, {key: node.keys[key] for key in extra}, node.span)
    keys = {key: node.keys.get(key, node.span) for key in entries}
    return node.with_entries(entries, keys)


def pairs(*, null: bool = False, spaces: bool = True) -> Codec:
    """A mapping, or a list of ``KEY=value``, to strings. `null`: no value stays no value."""

    def codec(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        if isinstance(node, Mapping):
            node = gathered(node)
            for key, value in node.entries.items():
                if type(value) is Scalar and type(value.value) is str:
                    entries[key] = value  # most are
                    continue
                empty = isinstance(value, Scalar) and value.value is None
                entries[key] = _text_of(value) if not empty else _absent(value, null=null)
            keys = node.keys
        elif isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                key, equals, rest = _pair(item)
                if not spaces and _ends_with_space(key):
                    what = (
                        "a space" if key[-1].isspace() else "a byte that Compose takes for a space"
                    )
                    reason = f"the name '{key}' ends with {what}"
                    binder.refuse("environment-syntax", (*path, index), item, reason)
                value = scalar_at(rest, item)
                entries[key] = value if equals else _absent(item, null=null)
                keys[key] = item.span
        return Mapping(entries, keys, node.span, node.overrides) if entries else None

    return codec


def _ends_with_space(key: str) -> bool:
    """Tell whether the last byte of a name is a space in Latin-1: so compose-go looks (mapping.go),
    and refuses a name that ends with ``à``, too.
    """
    return key.encode("utf-8", "surrogateescape")[-1:] in _SPACES


_SPACES = frozenset(bytes([code]) for code in b"\t\n\v\f\r \x85\xa0")


def _pair(item: Node) -> tuple[str, str, str]:
    return node_text(item).partition("=")


def _absent(source: Node, *, null: bool) -> Node:
    return scalar_at(None if null else "", source)


def options(_binder: Refuse, node: Node, _path: YamlPath) -> Node | None:
    """A mapping of options, every value printed as a string."""
    return pairs()(_binder, node, _path)


def string_map(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A mapping of strings, where only integers become strings."""
    if not isinstance(node, Mapping):
        return None
    node = gathered(node)
    made = {key: kept_string(binder, value, (*path, key)) for key, value in node.entries.items()}
    entries = {key: value for key, value in made.items() if value is not None}
    return node.with_entries(entries) if entries else None


def many_options(_binder: Refuse, node: Node, _path: YamlPath) -> Node | None:
    """A mapping of options that may be repeated: every value is a list of strings."""
    if not isinstance(node, Mapping):
        return None
    node = gathered(node)
    entries: dict[str, Node] = {}
    for key, value in node.entries.items():
        items = value.items if isinstance(value, Sequence) else [value]
        if items:  # an option without values is left out
            entries[key] = Sequence([_text_of(item) for item in items], value.span)
    return node.with_entries(entries) if entries else None


def hosts(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """`extra_hosts`: printed as a sorted list of ``host=address``."""
    found: list[tuple[str, Node]] = []
    if isinstance(node, Mapping):
        for host, value in gathered(node).entries.items():
            if isinstance(value, Mapping):
                binder.refuse("type", (*path, host), value, "must be an address")
                continue
            items = value.items if isinstance(value, Sequence) else [value]
            if any(isinstance(one, Scalar) and isinstance(one.value, Timestamp) for one in items):
                binder.refuse("type", (*path, host), value, "must be an address, not a date")
            found += [(f"{host}={_address(item)}", item) for item in items]
            _check_host(binder, host, value, (*path, host))
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            text = node_text(item)
            mark = "=" if "=" in text else ":"
            host, present, rest = text.partition(mark)
            if not present:
                binder.refuse("extra-host-syntax", (*path, index), item, "the address is missing")
                continue
            _check_host(binder, host, item, (*path, index))
            addresses = rest.split(",")
            found += [(f"{host}={_bare(address)}", item) for address in addresses]
    found.sort(key=lambda entry: entry[0])
    return _list([scalar_at(text, source) for text, source in found], node)


def _check_host(binder: Refuse, host: str, node: Node, path: YamlPath) -> None:
    if not host or ":" in host or "=" in host:
        binder.refuse("extra-host-syntax", path, node, f"'{host}' is not a valid host name")


def _address(node: Node) -> str:
    empty = isinstance(node, Scalar) and node.value is None
    return "" if empty else _bare(node_text(node))


def _bare(address: str) -> str:
    wrapped = len(address) > 2 and address[0] == "[" and address[-1] == "]"
    return address[1:-1] if wrapped else address


def ssh_keys(_binder: Refuse, node: Node, _path: YamlPath) -> Node | None:
    """`build.ssh`: a list of names, each with its path."""
    if not isinstance(node, Mapping):
        return None
    items: list[Node] = []
    for name, value in gathered(node).entries.items():
        empty = isinstance(value, Scalar) and value.value in (None, "")
        items.append(scalar_at(name if empty else f"{name}: {node_text(value)}", value))
    return _list(items, node)
