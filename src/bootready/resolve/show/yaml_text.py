"""A value -> YAML text, laid out and quoted as Compose's YAML library does it.

Source: go.yaml.in/yaml (encode.go, emitterc.go). Keys come in the order of the value; sorting them
is the caller's part (`natural_order`).
"""

from __future__ import annotations

import re
from functools import cmp_to_key

from bootready.model.node import Plain
from bootready.read.scalars import plain_value
from bootready.regex import regex
from bootready.resolve.typed.values import float_text

DOUBLE = '"'
_WIDTH = 80
_BASE_64 = 70
"""Characters on a line of base64."""
_FIRST = frozenset("#,[]{}&*!|>'\"%@`")
_OLD_BOOLEANS = frozenset(
    word
    for low in ("y", "yes", "on", "n", "no", "off")
    for word in (low, low.capitalize(), low.upper())
)
_BASE_60 = regex(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\xa0": "\\_",
    "\u2028": "\\L",
    "\u2029": "\\P",
}
_SPECIAL = regex(r"[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_BREAKS = regex("[\n\r\x85\u2028\u2029]")


def yaml_text(value: Plain) -> str:
    """Return `value` as one YAML document, with a line's end at its end."""
    if isinstance(value, dict | list) and value:
        lines: list[str] = []
        _write(value, 0, lines)
        return "\n".join(lines) + "\n"
    return _inline(value, 0, 0) + "\n"


def _write(value: Plain, indent: int, lines: list[str]) -> None:
    """Append the lines of a mapping or list that is not empty."""
    pad = " " * indent
    if isinstance(value, dict):
        for key, below in value.items():
            name = _scalar(key, 0, None)
            if isinstance(below, dict | list) and below:
                lines.append(f"{pad}{name}:")
                _write(below, indent + 2, lines)
            else:
                column = indent + len(name) + 2
                lines.append(f"{pad}{name}: {_inline(below, indent + 2, column)}")
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list) and item:
                start = len(lines)
                _write(item, indent + 2, lines)
                lines[start] = f"{pad}- {lines[start][indent + 2 :]}"
            else:
                lines.append(f"{pad}- {_inline(item, indent + 2, indent + 2)}")


def _inline(value: Plain, indent: int, column: int) -> str:
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "[]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    if not isinstance(value, str):
        return str(value)
    return _scalar(value, indent, column)


def _scalar(text: str, indent: int, column: int | None) -> str:
    """Return a string in the plainest style that reads back as the same string.

    It starts at `column` and goes on at `indent`; a key, without a column, stays on its line.
    """
    if not text.isascii() and any("\udc80" <= sign <= "\udcff" for sign in text):
        return _binary(text, indent)
    if "\n" in text and column is not None:
        literal = _literal(text, indent)
        return _double(text, indent, column) if literal is None else literal
    if type(plain_value(text)) is not str or not text:
        return _double(text, indent, column)
    if _SPECIAL.search(text) or "\t" in text or _BREAKS.search(text):
        return _double(text, indent, column)
    if text in _OLD_BOOLEANS or _BASE_60.match(text) or _needs_quotes(text):
        inner = _folded(list(text.replace("'", "''")), indent, column, quote="'")
        return f"'{inner}'"
    return _folded(list(text), indent, column)


def _binary(text: str, indent: int) -> str:
    """Return a string that is not UTF-8 as its bytes, those of an env file."""
    from base64 import b64encode

    shown = b64encode(text.encode("utf-8", "surrogateescape")).decode()
    lines = [shown[start : start + _BASE_64] for start in range(0, len(shown), _BASE_64)]
    if len(shown) < _BASE_64:
        return f"!!binary {shown}"
    return "\n".join(["!!binary |", *(" " * indent + line for line in lines)])


def _double(text: str, indent: int, column: int | None) -> str:
    return f'"{_folded([_escaped(char) for char in text], indent, column, quote=DOUBLE)}"'


def _escaped(character: str) -> str:
    escape = _ESCAPES.get(character)
    if escape is not None:
        return escape
    if _SPECIAL.match(character):
        code = ord(character)
        return f"\\x{code:02X}" if code < 256 else f"\\u{code:04X}"
    return character


def _folded(characters: list[str], indent: int, column: int | None, quote: str = "") -> str:
    """Join characters, with a line's end for a space after the eightieth column."""
    if column is None or column + len(characters) <= _WIDTH:
        return "".join(characters)
    made: list[str] = []
    column += len(quote)
    last = len(characters) - 1
    after_space = False
    for index, character in enumerate(characters):
        is_space = character == " "
        inside = 0 < index < last if quote else index < last
        if is_space and not after_space and column > _WIDTH and inside:
            before_space = characters[index + 1] == " "
            if not before_space or quote == DOUBLE:
                made.append("\n" + " " * indent + ("\\" if before_space else ""))
                column = indent + before_space
                after_space = True
                continue
        made.append(character)
        column += len(character)
        after_space = is_space
    return "".join(made)


def _needs_quotes(text: str) -> bool:
    if text[0] == " " or text[-1] == " " or text.startswith(("---", "...")):
        return True
    first = text[0]
    following = text[1:2]
    if first in _FIRST:
        return True
    if first in "-?:" and following in {"", " "}:
        return True
    return ": " in text or " #" in text or text[-1] == ":"


def _literal(text: str, indent: int) -> str | None:
    """Return a block with ``|``, or None where a block cannot hold the text."""
    if (
        not text.strip("\n")
        or text[-1] == " "
        or re.search(r" \n", text)
        or _SPECIAL.search(text.replace("\t", ""))
    ):
        return None
    hint = "2" if text[0] == " " else ""
    chomp = "" if text.endswith("\n") else "-"
    if text == "\n" or text.endswith("\n\n"):
        chomp = "+"
    body = text.removesuffix("\n")
    pad = " " * indent
    lines = [f"{pad}{line}" if line else "" for line in body.split("\n")]
    return "\n".join([f"|{hint}{chomp}", *lines])


def natural_order(keys: list[str]) -> list[str]:
    """Return keys sorted as the library sorts those of a map: numbers in them by their value."""
    return sorted(keys, key=cmp_to_key(_compare))


def _compare(left: str, right: str) -> int:
    digits = False
    for index, (a, b) in enumerate(zip(left, right, strict=False)):
        if a == b:
            digits = a.isdigit()
            continue
        letter_a, letter_b = a.isalpha(), b.isalpha()
        if letter_a and letter_b:
            return -1 if a < b else 1
        if letter_a or letter_b:
            return -1 if (letter_a if digits else letter_b) else 1
        return _compare_numbers(left, right, index)
    return len(left) - len(right)


def _compare_numbers(left: str, right: str, index: int) -> int:
    number_a = number_b = 0
    if left[index] == "0" or right[index] == "0":
        back = index - 1
        while back >= 0 and left[back].isdigit():
            if left[back] != "0":
                number_a = number_b = 1
                break
            back -= 1
    number_a, end_a = _number(left, index, number_a)
    number_b, end_b = _number(right, index, number_b)
    if number_a != number_b:
        return -1 if number_a < number_b else 1
    if end_a != end_b:
        return -1 if end_a < end_b else 1
    return -1 if left[index] < right[index] else 1


def _number(text: str, index: int, start: int) -> tuple[int, int]:
    value = start
    while index < len(text) and text[index].isascii() and text[index].isdigit():
        value = value * 10 + int(text[index])
        index += 1
    return value, index
