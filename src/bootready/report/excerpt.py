"""A place in a source text -> the lines that show it, with a caret and without a secret's value."""

from __future__ import annotations

import os

from bootready.knowledge.secrets.forms import MASK, hidden, is_value, masked_hosts, masked_words
from bootready.knowledge.secrets.forms import masked as masked_forms
from bootready.knowledge.secrets.names import (
    is_env_file,
    may_name_a_secret,
    names_a_secret,
    path_of_a_secret,
)
from bootready.model.lines import Lines, lines_of
from bootready.model.position import Location, Span, YamlPath
from bootready.model.printable import printable
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, Sequence

if TYPE_CHECKING:
    import re

LONGEST = 2000
"""Characters of a line that are shown."""
WORDS = 40
"""Items of a list above one that are looked at for what command it is."""
_KEYED = regex(
    r"(?P<indent>[ ]{0,512}+(?:-[ ]{1,64}+){0,16}+)[\"']?(?P<key>[\w.-]{1,256}+)[\"']?"
    r"(?P<sign>[ ]{0,64}+(?::[ ]{1,64}+|=))(?P<value>.*)$"
)
_OPEN = regex(r"[ -]{0,512}+[\"']?(?P<key>[\w.-]{1,256}+)[\"']?[ ]{0,64}+:[ ]{0,64}+(?P<value>.*)$")
_OF_PLACE = regex(r"([\w.-]{1,256}+)([\"']?:[ ]{1,64}+)(?![\[{|>&*#])[^,}\n]{1,2000}+")
_ENV_NAME = regex(r"\s{0,64}+(?:export\s{1,16}+)?[A-Za-z_][\w.-]{0,63}+\s{0,16}+$")
_SHORTEST_BLOB = 32
_BLOB = regex(r"[\w+/=-]{32,}+")


def excerpt(location: Location, text: str, known: str = "") -> list[str]:
    """Return the line of `location` with its number, and its caret and label below.

    `known` is a value that was shown already, as nothing about it is secret: a line of an env file
    that sets nothing else is not masked.
    """
    span = location.span
    lines = lines_of(text)
    if not 0 < span.line <= len(lines):
        return []
    raw = lines[span.line - 1]
    shown = shown_line(lines, span.line, span.file, location.path)
    if known and raw.partition("=")[2].strip(" '\"") == known:
        shown = raw.replace("\t", " ")
    width = len(str(span.line))
    start = min(span.column, len(shown) + 1)
    if shown != raw:
        start = (
            min(start, _difference(raw, shown) + 1) if start > _difference(raw, shown) else start
        )
    length = _width(span, shown, start)
    # Escaped characters are wider than they were.
    before, under = printable(shown[: start - 1]), shown[start - 1 : start - 1 + length]
    marks = "^" * max(1, len(printable(under)) + length - len(under))
    caret = f"{' ' * len(before)}{marks} {printable(location.label)}".rstrip()
    return [
        f"{' ' * width} |",
        f"{span.line} | {printable(shown)}".rstrip(),
        f"{' ' * width} | {caret}",
    ]


def shown_line(lines: Sequence[str], line: int, file: str, path: YamlPath = ()) -> str:
    """Return a line of a file, masked by what it says and by what stands around it.

    `line` is its number, from 1; `path` what of the model it is about, if that is known.
    """
    raw = lines[line - 1][:LONGEST].replace("\t", " ")
    if path[-2:] == ("environment", ""):
        return MASK  # a value without a name, which may be any secret
    shown = masked(raw, file)
    if shown != raw or is_env_file(file):
        return shown
    if path[:1] == ("secrets",) and path_of_a_secret(path):
        # A value written where its file should be named: nothing but its place tells it.
        return _OF_PLACE.sub(lambda found: _hidden_at(str(path[-1]), found), raw)
    bare = raw.lstrip()
    indent = raw[: len(raw) - len(bare)]
    if _is_blob(bare) or _continues_secret(lines, line - 1, path):
        return f"{indent}{MASK}"
    if "extra_hosts" in path or "extra_hosts" in raw:
        return masked_hosts(raw)
    return raw


def _is_blob(text: str) -> bool:
    return len(text) >= _SHORTEST_BLOB and " " not in text and bool(_BLOB.fullmatch(text))


def _hidden_at(key: str, found: re.Match[str]) -> str:
    return f"{key}{found[2]}{MASK}" if found[1] == key else found[0]


def _continues_secret(lines: Sequence[str], number: int, path: YamlPath) -> bool:
    """Tell whether a line belongs to a secret that a line above it names."""
    line = lines[number]
    bare = line.strip()
    if not bare or not number or "secrets" in path:
        return False
    if bare.startswith("- ") and _is_password_of_command(lines, number):
        return True
    above = _above(lines, number)
    opens = above >= 0 and may_name_a_secret(lines[above])
    found = _OPEN.match(lines[above]) if opens else None
    if found is None or not names_a_secret(found["key"]):
        return False
    scalar = found["value"][:1] in {"|", ">", '"', "'"} or _KEYED.match(line) is None
    return scalar or bare.startswith("- ")


def _above(lines: Sequence[str], number: int) -> int:
    """Return the number of the line that the one of that number belongs to, -1 for none near it."""
    known = lines.above if isinstance(lines, Lines) else {}
    mine = _depth(lines[number])
    indent, is_item = mine
    place, nearest = number - 1, max(-1, number - 500)
    while place > nearest:
        depth, item = _depth(lines[place])
        if lines[place].strip() and not item and (depth < indent or (depth == indent and is_item)):
            known[number] = place
            return place
        # A neighbour at the same depth belongs to the same line.
        place = known.get(place, place - 1) if (depth, item) == mine else place - 1
    return -1


def _depth(line: str) -> tuple[int, bool]:
    """Return how far a line is indented, and whether it is an item of a list."""
    return len(line) - len(line.lstrip()), line.strip().startswith("- ")


def _is_password_of_command(lines: Sequence[str], number: int) -> bool:
    """Tell whether an item of a list is masked as a word of the command that the list is."""
    indent = len(lines[number]) - len(lines[number].lstrip())
    words: list[str] = []
    for line in reversed(lines[max(0, number - WORDS) : number + 1]):
        bare = line.strip()
        if not bare.startswith("- ") or len(line) - len(line.lstrip()) != indent:
            break
        words.insert(0, bare[2:].strip(" \"'"))
    return masked_words(words)[-1] != words[-1]


def masked(line: str, file: str = "") -> str:
    """Return a source line with every value masked that its key says is a secret.

    In an env file every value is, and every line that sets none.
    """
    if is_env_file(file):
        key, sign, value = line.partition("=")
        if line.lstrip().startswith("#") or not line.strip():
            return masked_forms(line)
        if _ENV_NAME.match(key) is None or (not sign and " " in line.strip()):
            return MASK
        return f"{key}{sign}{MASK}" if value else line
    found = _KEYED.match(line) if may_name_a_secret(line) else None
    if found is not None and names_a_secret(found["key"]):
        value = found["value"]
        if value[:1] not in {"{", "|", ">", "*", "#"} and is_value(value):
            # Up to the end of the line: a value with spaces is masked as a whole.
            shown = hidden(value.partition(" #")[0].rstrip())
            return f"{line[: found.start('value')]}{shown}"
    return masked_forms(line)


def quotable(file: str, *roots: str) -> bool:
    """Tell whether lines of `file` may be shown: files outside of the project are not quoted.

    `roots` are the directories of the project and its repository, '' if not known.
    """
    known = [root for root in roots if root]
    if not known or not os.path.isabs(file):
        return True
    # By the real path: a clone may hold a link to the file of somebody else.
    real = os.path.realpath(file)
    return any(real.startswith(f"{os.path.realpath(root).rstrip('/')}/") for root in known)


def place(span: Span, directory: str, *, column: bool = True) -> str:
    """Return ``file:line:column``, the file relative to `directory` where it lies below."""
    file = span.file
    if directory and file.startswith(f"{directory}/"):
        file = file[len(directory) + 1 :]
    file = printable(file)
    return f"{file}:{span.line}:{span.column}" if column else f"{file}:{span.line}"


def _width(span: Span, shown: str, start: int) -> int:
    end = span.end_column if span.end_line == span.line else len(shown) + 1
    return max(1, min(end, len(shown) + 1) - start)


def _difference(one: str, other: str) -> int:
    for position, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return position
    return min(len(one), len(other))
