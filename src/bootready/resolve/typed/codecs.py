"""One value of a normalised model -> the value that `docker compose config` prints for it.

A codec takes the binder, a node and its path, and returns a node, or None where Compose leaves the
value out. What cannot be decoded is reported to the binder. They follow mapstructure's rules and
the DecodeMapstructure and MarshalJSON methods of compose-go's types.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import YamlPath
from bootready.read.scalars import Timestamp
from bootready.remembered import remembered
from bootready.resolve.syntax.command_line import CommandSyntaxError, split_command
from bootready.resolve.typed.units import (
    read_boolean,
    read_bytes,
    read_duration,
    read_float,
    read_integer,
    show_duration,
)
from bootready.resolve.typed.values import node_text, scalar_at, single_precision, value_text
from bootready.typed import Callable, Protocol


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
    binder.refuse("type", path, node, "must be a string")
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
    binder.refuse("boolean", path, node, "must be true or false")
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
            expected = "must be a whole number of at least 0" if unsigned else "must be an integer"
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
        binder.refuse("number", path, node, "must be a number")
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
        return scalar_at(_duration_of(node_text(node)), node)
    except ValueError as error:
        binder.refuse("duration", path, node, str(error))
        return None


@remembered(512)
def _duration_of(text: str) -> str:
    """Return a duration as Compose prints it. Raises ValueError."""
    return show_duration(read_duration(text))


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
    binder.refuse("file-mode", path, node, 'must be an octal mode such as "0440"')
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
    binder.refuse("number", path, node, "must be 'all' or a number")
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
            binder.refuse("type", (*path, index), item, "must be a string, put it in quotes")


def health_test(binder: Refuse, node: Node, path: YamlPath) -> Node | None:
    """The test of a healthcheck: a string is for the shell."""
    if isinstance(node, Sequence):
        _no_dates(binder, node, path)
        return node if node.items else None
    if isinstance(node, Mapping) or node.value is None:
        return None
    if isinstance(node.value, Timestamp):
        binder.refuse("type", path, node, "must be a string, put it in quotes")
        return None
    shell = scalar_at("CMD-SHELL", Sequence([], node.span))
    return Sequence([shell, node], node.span, node.overrides)
