"""A scalar -> the text that Go's fmt prints for it, which is what Compose puts into environments,
labels and options.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.read.scalars import Timestamp

_EXPONENT_FROM = 6
"""Go's %g, asked for the shortest form: 100000.5, but 1.2345675e+06."""

Value = str | int | float | bool | None


def value_text(value: Value) -> str:
    """Return `value` as ``%v`` prints it: ``true``, ``1.5``, ``1e+06``, ``<nil>``."""
    if isinstance(value, Timestamp):
        return value.go_text
    if isinstance(value, str):
        return value
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return float_text(value)


def node_text(node: Node) -> str:
    """Return any value as ``%v`` prints it: ``map[a:1 b:2]``, ``[1 2]``."""
    if isinstance(node, Mapping):
        entries = sorted(node.entries.items())
        return f"map[{' '.join(f'{key}:{node_text(value)}' for key, value in entries)}]"
    if isinstance(node, Sequence):
        return f"[{' '.join(map(node_text, node.items))}]"
    return value_text(node.value)


def float_text(number: float) -> str:
    """Return a float in its shortest form, with an exponent below 1e-4 and from 1e6 on."""
    from math import isfinite

    if not isfinite(number):
        return {"inf": "+Inf", "-inf": "-Inf"}.get(repr(number), "NaN")
    if number == 0:
        return "-0" if repr(number)[0] == "-" else "0"
    digits, exponent = _shortest(number)
    sign = "-" if number < 0 else ""
    if exponent < -4 or exponent >= _EXPONENT_FROM:
        mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
        return f"{sign}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    if len(digits) <= exponent + 1:
        return f"{sign}{digits}{'0' * (exponent + 1 - len(digits))}"
    return f"{sign}{digits[: exponent + 1]}.{digits[exponent + 1 :]}"


def _shortest(number: float) -> tuple[str, int]:
    """Return the digits of the shortest decimal that reads back the same, and its exponent."""
    mantissa, exponent = f"{abs(number):.17e}".split("e")
    for precision in range(17):
        text = f"{abs(number):.{precision}e}"
        if float(text) == abs(number):
            mantissa, exponent = text.split("e")
            break
    return mantissa.replace(".", "").rstrip("0") or "0", int(exponent)


def single_precision(number: float) -> float:
    """Return the shortest decimal that means the same 32-bit float, as Go prints a float32."""
    import struct

    try:
        exact = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return number
    for precision in range(1, 10):
        short = float(f"{exact:.{precision}g}")
        if struct.unpack("f", struct.pack("f", short))[0] == exact:
            return short
    return float(exact)


def scalar_at(value: Value, source: Node) -> Scalar:
    """Return `value` as a node at the place of `source`, with the variables that made it."""
    if isinstance(source, Scalar):
        return Scalar(value, source.span, source.template, source.references, source.overrides)
    return Scalar(value, source.span)
