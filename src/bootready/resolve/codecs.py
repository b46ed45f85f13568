"""One value of a normalised model -> the value that `docker compose config` prints for it.

A codec takes the binder, a node and its path, and returns a node, or None where Compose leaves the
value out. What cannot be decoded is reported to the binder. They follow mapstructure's rules and
the DecodeMapstructure and MarshalJSON methods of compose-go's types.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Span, YamlPath
from bootready.read.scalars import Timestamp
from bootready.resolve.syntax.command_line import CommandSyntaxError, split_command
from bootready.resolve.units import (
    read_boolean,
    read_bytes,
    read_duration,
    read_float,
    read_integer,
    show_duration,
)
from bootready.resolve.values import node_text, scalar_at, single_precision, value_text


class Refuse(Protocol):
    """Where a codec reports what it cannot decode."""

    def refuse(self, kind: str, path: YamlPath, node: Node, reason: str) -> None:
        """Report `node`, which stands at `path`, for `reason`."""


Codec = Callable[[Refuse, Node, YamlPath], Node | None]
EXTENSIONS = "#extensions"
"""The key under which Compose gathers ``x-`` keys, also where they are the user's own names."""


def string(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A string; an integer becomes one; left out when empty."""
    made = kept_string(binder, node, path)
    return made if isinstance(made, Scalar) and made.value != "" else None


def kept_string(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A string that is printed even when empty."""
    if isinstance(node, Scalar):
        value = node.value
        if isinstance(value, str) and not isinstance(value, Timestamp):
            return node
        if value is None:
            return scalar_at("", node)
        if isinstance(value, int) and not isinstance(value, bool):
            return scalar_at(str(value), node)
    binder.refuse("type", path, node, "a string is expected")
    return None


def boolean(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A boolean or a word for one; left out when false."""
    made = kept_boolean(binder, node, path)
    return made if isinstance(made, Scalar) and made.value else None


def kept_boolean(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A boolean that is printed when it is false, too."""
    if isinstance(node, Scalar):
        if isinstance(node.value, bool):
            return node
        if node.value is None:
            return None
        if isinstance(node.value, str):
            try:
                return scalar_at(read_boolean(node.value), node)
            except ValueError:
                pass
    binder.refuse("boolean", path, node, "true or false is expected")
    return None


def only_false(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A boolean that is true unless said otherwise; left out when true."""
    made = kept_boolean(binder, node, path)
    return made if isinstance(made, Scalar) and not made.value else None


def required(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """The `required` of a dependency, which is always printed."""
    made = kept_boolean(binder, node, path)
    return scalar_at(False, node) if made is None else made


def whole(*, keep: bool = False, unsigned: bool = False, bits: int = 64) -> Codec:
    """An integer; what follows a decimal point is cut off. `keep` prints zero, too."""

    def codec(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
        value = node.value if isinstance(node, Scalar) else ""
        if isinstance(value, str) and not unsigned and isinstance(node, Scalar):
            try:
                value = read_integer(value)
            except ValueError:
                value = ""
        if value is None:
            return None
        if isinstance(value, str | bool) or (unsigned and value < 0):
            expected = "a whole number from 0 is expected" if unsigned else "an integer is expected"
            binder.refuse("number", path, node, expected)
            return None
        if unsigned:
            number = int(value) if value < 2**64 else 2**63
            number %= 1 << bits  # Compose drops the bits that do not fit
        else:
            number = int(value) if -(2**63) <= value < 2**63 else -(2**63)
        return scalar_at(number, node) if number or keep else None

    return codec


def single(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A 32-bit float; left out when zero."""
    value = node.value if isinstance(node, Scalar) else ""
    if value is None:
        return None
    try:
        number = read_float("" if isinstance(value, bool) else str(value))
    except ValueError:
        binder.refuse("number", path, node, "a number is expected")
        return None
    return _number(single_precision(number), node)


def _number(number: float, node: Node) -> Node | None:
    if not number:
        return None
    small = number.is_integer() and abs(number) < 2**53
    return scalar_at(int(number) if small else number, node)


def size(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """Bytes, printed as a string; a fraction without a unit silently counts as nothing."""
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, str) and not isinstance(value, Timestamp):
        try:
            value = read_bytes(value)
        except ValueError as error:
            binder.refuse("size", path, node, str(error))
            return None
    if isinstance(value, int) and not isinstance(value, bool) and value:
        return scalar_at(str(value), node)
    return None


def kept_size(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """Bytes that are printed when they are none, too."""
    made = size(binder, node, path)
    return scalar_at("0", node) if made is None else made


def duration(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A duration; left out when zero."""
    made = kept_duration(binder, node, path)
    return made if isinstance(made, Scalar) and made.value != "0s" else None


def kept_duration(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A duration that is printed when it is zero, too."""
    if isinstance(node, Scalar) and node.value is None:
        return None
    try:
        return scalar_at(show_duration(read_duration(node_text(node))), node)
    except ValueError as error:
        binder.refuse("duration", path, node, str(error))
        return None


def file_mode(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A mode: an octal string, or a number; printed as an octal string."""
    value = node.value if isinstance(node, Scalar) else ""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = _octal(value)
        except ValueError:
            value = 0.0
    if isinstance(value, int) and not isinstance(value, bool):
        return scalar_at(f"0{value:o}", node)
    binder.refuse("file-mode", path, node, 'an octal mode such as "0440" is expected')
    return None


def _octal(text: str) -> int:
    digits = text[1:] if text[:1] in {"-", "+"} else text
    if not digits or not set(digits) <= set("01234567"):
        raise ValueError
    return int(text, 8)


def device_count(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """How many devices: a number, or ``all``, which is -1."""
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, str):
        try:
            value = -1 if value.lower() == "all" else read_integer(value)
        except ValueError:
            value = None
    if isinstance(value, int) and not isinstance(value, bool):
        return scalar_at(value, node) if value else None
    binder.refuse("number", path, node, "'all' or a number is expected")
    return None


def nano_cpus(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A number of processors in `deploy`."""
    if isinstance(node, Scalar) and node.value is None:
        return None
    return single(binder, node, path)


def command(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A command: a string is split into words; nothing stays nothing, and a date becomes that."""
    if not isinstance(node, Scalar):
        _no_dates(binder, node, path)
        return node
    if node.value is None or isinstance(node.value, Timestamp):
        return None
    try:
        words = split_command(value_text(node.value))
    except CommandSyntaxError as error:
        binder.refuse("command-syntax", path, node, str(error))
        return None
    return Sequence([scalar_at(word, node) for word in words], node.span, node.overrides)


def _no_dates(binder: Refuse, node: Node, path: YamlPath) -> None:
    """Refuse dates among the words: YAML makes them of what looks like one (Compose crashes)."""
    for index, item in enumerate(node.items if isinstance(node, Sequence) else ()):
        if isinstance(item, Scalar) and isinstance(item.value, Timestamp):
            binder.refuse("type", (*path, index), item, "a string is expected, put it in quotes")


def health_test(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """The test of a healthcheck: a string is for the shell."""
    if isinstance(node, Sequence):
        _no_dates(binder, node, path)
        return node if node.items else None
    if isinstance(node, Mapping) or node.value is None:
        return None
    if isinstance(node.value, Timestamp):
        binder.refuse("type", path, node, "a string is expected, put it in quotes")
        return None
    shell = scalar_at("CMD-SHELL", Sequence([], node.span))
    return Sequence([shell, node], node.span, node.overrides)


def strings(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """A list of strings; integers become strings."""
    if not isinstance(node, Sequence):
        if isinstance(node, Scalar) and node.value is None:
            return None
        binder.refuse("type", path, node, "a list is expected")
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
                binder.refuse("type", (*path, index), item, "a string is expected")
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
    extra = {key: value for key, value in node.entries.items() if key.startswith("x-")}
    if not extra:
        return node
    entries = {key: value for key, value in node.entries.items() if key not in extra}
    entries[EXTENSIONS] = Mapping(extra, {key: node.keys[key] for key in extra}, node.span)
    keys = {key: node.keys.get(key, node.span) for key in entries}
    return Mapping(entries, keys, node.span, node.overrides)


def pairs(*, null: bool = False, spaces: bool = True) -> Codec:
    """A mapping, or a list of ``KEY=value``, to strings. `null`: no value stays no value."""

    def codec(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        if isinstance(node, Mapping):
            node = gathered(node)
            for key, value in node.entries.items():
                empty = isinstance(value, Scalar) and value.value is None
                entries[key] = _text_of(value) if not empty else _absent(value, null=null)
            keys = node.keys
        elif isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                key, equals, rest = _pair(item)
                if not spaces and key and key[-1].isspace():
                    reason = f"the name '{key}' ends with a space"
                    binder.refuse("environment-syntax", (*path, index), item, reason)
                value = scalar_at(rest, item)
                entries[key] = value if equals else _absent(item, null=null)
                keys[key] = item.span
        return Mapping(entries, keys, node.span, node.overrides) if entries else None

    return codec


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
    return Mapping(entries, node.keys, node.span, node.overrides) if entries else None


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
    return Mapping(entries, node.keys, node.span, node.overrides) if entries else None


def hosts(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """`extra_hosts`: printed as a sorted list of ``host=address``."""
    found: list[tuple[str, Node]] = []
    if isinstance(node, Mapping):
        for host, value in gathered(node).entries.items():
            if isinstance(value, Mapping):
                binder.refuse("type", (*path, host), value, "an address is expected")
                continue
            items = value.items if isinstance(value, Sequence) else [value]
            if any(isinstance(one, Scalar) and isinstance(one.value, Timestamp) for one in items):
                binder.refuse("type", (*path, host), value, "an address is expected, not a date")
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
        binder.refuse("extra-host-syntax", path, node, f"'{host}' is no host name")


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
