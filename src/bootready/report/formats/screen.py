"""The text of a report -> the same for a terminal: coloured, as wide as it is, places as links.

What is written here is never parsed by a program: those read a file or a pipe, and get the text.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from bootready.regex import regex
from bootready.typed import NamedTuple

_COLOURS = {
    "error": "31;1",
    "warning": "33;1",
    "note": "36;1",
    "ready": "32;1",
    "not ready": "31;1",
    "cannot be read": "31;1",
    "next": "1",
}
_HEAD = regex(r"(error|warning|note)\[[a-z0-9-]{1,100}\]")
_LAST = regex(r"(not ready|ready|next)(?=:)")
_ROW = regex(r"(\S.{0,1000}?  +)(not ready|ready|cannot be read)\b")
_PLACE = regex(r"(  --> )(.{1,4096}):(\d{1,9}):(\d{1,9})")
_SOURCE = regex(r"\d{1,9} \| ?")
_CARET = regex(r" +\| +\^+")
_COMMAND = regex(r"&&|[|`]|\b(?:bootready|docker|git|sudo|chmod|chown|openssl|sysctl) ")
"""What a person copies: in the midst of it no line is broken."""
NARROWEST = 40
"""Columns; on fewer, lines are left as they are."""


class Screen(NamedTuple):
    """What a terminal shows. `width` is in columns, 0 for any; relative places are linked from the
    directory `links`, '' where it knows no links.
    """

    colour: bool = False
    width: int = 0
    links: str = ""


def on_screen(text: str, screen: Screen) -> str:
    """Return the text of a report as `screen` shows it."""
    lines = text.split("\n")
    if screen.width >= NARROWEST:
        lines = list(_fitted(lines, screen.width))
    if not (screen.colour or screen.links):
        return "\n".join(lines)
    last = max((number for number, line in enumerate(lines[:-1]) if not line), default=-1)
    return "\n".join(
        _marked(line, screen, is_last=number > last) for number, line in enumerate(lines)
    )


def _marked(line: str, screen: Screen, *, is_last: bool) -> str:
    if screen.links and line.startswith("  --> "):
        return _PLACE.sub(lambda found: _linked(found[1], found[2], found[0], screen), line, 1)
    if not screen.colour:
        return line
    if found := _HEAD.match(line) or (is_last and _LAST.match(line)):
        return f"{_coloured(found[0], _COLOURS[found[1]])}{line[found.end() :]}"
    if is_last and (row := _ROW.match(line)):
        return f"{row[1]}{_coloured(row[2], _COLOURS[row[2]])}{line[row.end() :]}"
    return line


def _coloured(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"


def _linked(arrow: str, file: str, whole: str, screen: Screen) -> str:
    from platform import node
    from urllib.parse import quote

    path = os.path.join(screen.links, file)
    target = f"file://{node()}{quote(path.encode(errors='surrogateescape'))}"
    return f"{arrow}\x1b]8;;{target}\x1b\\{whole.removeprefix(arrow)}\x1b]8;;\x1b\\"


def _fitted(lines: list[str], width: int) -> Iterator[str]:
    """Yield the lines, none wider than `width` but those that are copied or opened."""
    number = 0
    while number < len(lines):
        line = lines[number]
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _SOURCE.match(line) and _CARET.match(following):
            yield from _excerpt(line, following, width)
            number += 1
        elif columns(line) <= width or line.startswith("  --> ") or _is_copied(line):
            yield line
        else:
            yield from _wrapped(line, width)
        number += 1


def _is_copied(line: str) -> bool:
    return line.startswith(("   = hint: ", "   = remedy: ", "next: ")) and bool(
        _COMMAND.search(line)
    )


def _excerpt(source: str, caret: str, width: int) -> Iterator[str]:
    """Yield a line of a file and what points at it, as a window where they are too wide."""
    gutter = source.index("|") + 2
    text, marks = source[gutter:], caret[gutter:]
    start = len(marks) - len(marks.lstrip())
    length = len(marks[start:]) - len(marks[start:].lstrip("^"))
    label = marks[start + length :].strip()
    room = width - gutter
    if columns(text) <= room:
        shift, shown = 0, text
    else:
        shift = 0 if start + length <= room - 1 else max(0, start - room // 3)
        shown = text[shift:]
        shown = f"…{shown[1:]}" if shift else shown
        while columns(shown) > room:
            shown = f"{shown[:-2]}…"
    start -= shift
    length = max(1, min(length, room - start))
    yield f"{source[:gutter]}{shown}".rstrip()
    pointer = f"{caret[:gutter]}{' ' * start}{'^' * length}"
    if columns(f"{pointer} {label}") <= width:
        yield f"{pointer} {label}".rstrip()
    else:
        yield pointer
        yield from _wrapped(f"   = {label}", width)


def _wrapped(line: str, width: int) -> Iterator[str]:
    """Yield the words of a line, those after the first line indented."""
    bare = line.lstrip()
    indent = " " * (len(line) - len(bare) + 2)
    current = line[: len(line) - len(bare)]
    is_empty = True
    for word in bare.split(" "):
        if not is_empty and columns(f"{current} {word}") > width:
            yield current
            current, is_empty = indent, True
        current = f"{current}{word}" if is_empty else f"{current} {word}"
        is_empty = False
    yield current


def columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes: a Korean letter takes two."""
    if text.isascii():
        return len(text)
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
