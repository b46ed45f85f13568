r"""YAML text that libyaml reads otherwise than Compose's parser -> text it reads alike, and back.

Both descend from the same scanner, yet Compose's (go.yaml.in/yaml v4, scanner.go and reader.go)
takes ``\'`` in double quotes, refuses ``\/`` there, and allows DEL and the C1 control characters. A
byte order mark is a letter to it, but at the start of the text; libyaml skips one before any line.
A question mark begins a key only before white space; libyaml takes any in brackets for one. So it
takes a colon for the sign before a value that begins a string in brackets (``[a, :80]``).
Each such place is given a stand-in of the same length from a private block of Unicode, so that
columns stay true; values get their characters back when they are read.
"""

from __future__ import annotations

import re

from bootready.regex import regex

_FIRST = 0xF0C00
"""In a supplementary private use area: nobody writes Compose files in it."""
_QUOTE = chr(_FIRST)
_SLASH = chr(_FIRST + 1)
QUESTION = chr(_FIRST + 3)
"""A question mark that begins no key."""
_COLON = chr(_FIRST + 4)
"""A colon that a string in brackets begins with."""
_ESCAPES = r"(?s)\\(.)"
_BYTE_ORDER_MARK = "\ufeff"
_CONTROLS = {code: _FIRST + code for code in (*range(0x7F, 0x85), *range(0x86, 0xA0))}
_OTHERS = {**_CONTROLS, ord(_BYTE_ORDER_MARK): _FIRST + 2}
_ODD = regex(r"\\['/]|[\x7f-\x84\x86-\x9f\ufeff]|[\s\[{,]\?\S|[\[,]\s*+:[^\s,\[\]{}]")
_NO_KEY = r"(?<=[\s\[{,])\?(?=\S)"
_FIRST_COLON = r"([\[,]\s*+):(?=[^\s,\[\]{}])"
_STAND_INS = f"[{_QUOTE}{_SLASH}\U000f0c02-\U000f0c04\U000f0c7f-\U000f0c9f]"
_ANCHOR = r"[&*]([!-~]+?)(?=[\s,\[\]{}:]|\Z)"
_BACK = {made: code for code, made in _OTHERS.items()} | {
    _FIRST: 0x5C,
    _FIRST + 1: 0x5C,
    _FIRST + 3: 0x3F,
    _FIRST + 4: 0x3A,
}


def needs_stand_ins(text: str) -> bool:
    """Tell whether `text` holds a place where libyaml and Compose's parser differ."""
    return _ODD.search(text) is not None


def with_stand_ins(text: str) -> str:
    """Return `text` in a form that libyaml reads as Compose's parser reads the original."""
    swaps = {"'": f"{_QUOTE}'", "/": f"{_SLASH}/"}
    text = re.sub(_ESCAPES, lambda found: swaps.get(found[1], found[0]), text)
    text = re.sub(_NO_KEY, QUESTION, text)
    text = re.sub(_FIRST_COLON, rf"\1{_COLON}", text)
    body = text.removeprefix(_BYTE_ORDER_MARK)
    return text[: len(text) - len(body)] + body.translate(_OTHERS)


def without_stand_ins(value: str, style: str) -> str | None:
    r"""Return what the author meant by `value`, or None for ``\/`` in double quotes: refused."""
    if not re.search(_STAND_INS, value):
        return value
    if style == '"':
        if _SLASH in value:
            return None
        value = value.replace(_QUOTE, "")
    return value.translate(_BACK)


def anchor_at(text: str, line: int, column: int) -> str | None:
    """Return the name of the anchor or alias at a place (from 0) of `text`, or None.

    Compose's parser takes any printable ASCII in it (``&a.b``), libyaml letters, digits, - and _.
    """
    for number, content in enumerate(text.split("\n")):
        if number == line:
            found = re.match(_ANCHOR, content[column:])
            return found[1] if found else None
    return None


def with_anchor(text: str, name: str, token: str) -> str:
    """Return `text` with the anchor `name` and its aliases written as `token`."""
    written = re.compile(rf"(?<![^\s,\[\]{{}}])([&*]){re.escape(name)}(?=[\s,\[\]{{}}:]|\Z)")
    return written.sub(rf"\1{token}", text)


def token_for(text: str, name: str) -> str:
    """Return a word that `text` does not hold, as long as `name` where that can be."""
    number = 0
    while (token := f"z{number:x}".ljust(len(name), "z")) in text:
        number += 1
    return token
