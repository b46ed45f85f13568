"""A tree with tags, anchors and raw scalars -> YAML text, in block or in flow style."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

SAFE = re.compile(r"[A-Za-z./_][A-Za-z0-9./_-]*(?: [A-Za-z0-9./_-]+)*\Z")
WORDS = re.compile(r"(?i)(true|false|null|~|yes|no|on|off|y|n)\Z")


class Raw(NamedTuple):
    """A scalar as it stands in the file, such as ``0o17`` or ``!!str 12``."""

    text: str


class Tag(NamedTuple):
    """``!reset`` or ``!override`` in front of a value."""

    name: str
    value: object


class Anchor(NamedTuple):
    """``&name`` in front of a value."""

    name: str
    value: object


class Alias(NamedTuple):
    """``*name``."""

    name: str


def emit(tree: dict, *, flow: bool = False) -> str:
    """Return `tree` as a document."""
    return (_flow(tree) if flow else _block(tree, 0).lstrip("\n")) + "\n"


def _scalar(value: object) -> str:
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, Alias):
        return f"*{value.name}"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    if SAFE.match(text) and not WORDS.match(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def _flow(value: object) -> str:
    if isinstance(value, Tag):
        return f"{value.name} {_flow(value.value)}"
    if isinstance(value, Anchor):
        return f"&{value.name} {_flow(value.value)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, Raw) and (value.text == "" or re.search(r"[\n,\[\]{}]", value.text)):
        return "null"
    return _scalar(value)


def _key(key: object) -> str:
    return "<<" if key == "<<" else _scalar(key)


def _block(value: object, depth: int) -> str:
    """Return `value` to be put behind ``key:`` or ``-``, with its leading space or newline."""
    pad = "  " * depth
    if isinstance(value, Tag):
        return f" {value.name}{_block(value.value, depth)}"
    if isinstance(value, Anchor):
        return f" &{value.name}{_block(value.value, depth)}"
    if isinstance(value, dict) and value:
        return "".join(f"\n{pad}{_key(k)}:{_block(v, depth + 1)}" for k, v in value.items())
    if isinstance(value, list) and value:
        return "".join(f"\n{pad}-{_item(item, depth)}" for item in value)
    if isinstance(value, str) and "\n" in value and value.strip() and value == value.strip():
        body = value.replace("\n", f"\n{pad}")
        return f" |-\n{pad}{body}"
    return " " + _flow(value) if isinstance(value, dict | list) else f" {_scalar(value)}".rstrip()


def _item(value: object, depth: int) -> str:
    return _block(value, depth + 1)
