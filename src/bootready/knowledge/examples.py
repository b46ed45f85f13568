"""Examples of env files: the names under which projects keep them, and what their lines set."""

import re
from collections.abc import Iterator
from typing import NamedTuple

ENV_TEMPLATES = (
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    ".env.default",
    ".env.defaults",
    "env.example",
    "example.env",
    "env.sample",
    "sample.env",
    "env.template",
    "template.env",
    "env.dist",
    "default.env",
    ".example.env",
    "dot.env",
    "dotenv.example",
)
"""Names met in public repositories and their usual spellings, the commonest first."""

_WORDS = ("example", "sample", "template", "dist", "default", "defaults")
_ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[ \t]*(.*)$")


class Setting(NamedTuple):
    """One variable of an env file: the line (or lines) that sets it, and the comment above it."""

    name: str
    text: str
    comment: str
    line: int
    is_empty: bool


def templates_for(path: str) -> tuple[str, ...]:
    """Return where the example of the env file `path` may be, best first: beside it, by name."""
    directory, slash, name = path.rpartition("/")
    if name == ".env":
        return tuple(f"{directory}{slash}{one}" for one in ENV_TEMPLATES)
    stem, dot, extension = name.rpartition(".")
    names = [f"{name}{mark}{word}" for word in _WORDS for mark in (".", "_", "-")]
    if stem:
        names += [f"{stem}.{word}{dot}{extension}" for word in _WORDS]
    names += [f"{word}.{name.lstrip('.')}" for word in _WORDS]
    return tuple(f"{directory}{slash}{one}" for one in names)


def settings_in(text: str) -> dict[str, Setting]:
    """Return what an env file sets, by name, the last line that sets a name winning."""
    return {setting.name: setting for setting in _settings(text.splitlines())}


def value_of(setting: Setting) -> str:
    """Return the value of a setting as it is written, without quotes and the comment behind it."""
    value = setting.text.partition("=")[2].strip()
    quote = value[:1]
    if quote in {"'", '"'}:
        return value[1:].partition(quote)[0]
    return "" if quote == "#" else value.partition(" #")[0].rstrip()


def _settings(lines: list[str]) -> Iterator[Setting]:
    comment: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        found = _ASSIGNMENT.match(line)
        if found:
            count = _lines_of(found[2], lines[number + 1 :])
            text = "\n".join(lines[number : number + count])
            empty = found[2].partition(" #")[0].strip() in {"", '""', "''"} or found[2][:1] == "#"
            yield Setting(found[1], text, "\n".join(comment), number + 1, empty)
            number += count
            comment = []
            continue
        comment = [*comment, line] if line.lstrip().startswith("#") else []
        number += 1


def _lines_of(value: str, following: list[str]) -> int:
    """Return over how many lines a value goes: more than one only where a quote stays open."""
    quote = value[:1]
    if quote not in {"'", '"'} or _closes(value[1:], quote):
        return 1
    for count, line in enumerate(following, 2):
        if _closes(line, quote):
            return count
    return 1


def _closes(text: str, quote: str) -> bool:
    return re.search(rf"(?<!\\){quote}", text) is not None
