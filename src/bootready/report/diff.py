"""Two texts of a file -> their unified diff, with nothing in it that a log or a screen obeys.

Its secrets are masked as in every other output, unless the diff is for a program that applies it.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from io import StringIO

from bootready.model.change import Change
from bootready.model.printable import printable
from bootready.regex import regex
from bootready.report.excerpt import LONGEST, shown_line
from bootready.typed import NamedTuple

_HUNK = regex(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_KEPT = regex(r"([\t\udc80-\udcff]+)")
_ESCAPED = regex(r"[^ !#-\[\]-~]")


class Diff(NamedTuple):
    """The text of a diff; `altered` of its lines are masked or escaped, so that git refuses it."""

    text: str
    altered: int


def diff_of(change: Change, directory: str, *, exact: bool) -> Diff:
    """Return the diff of one file of a fix, its modes with it, named from `directory`."""
    name = os.path.relpath(change.path, directory)
    old, new = f"a/{name}", f"b/{name}"
    head = ""
    if change.old_mode != change.new_mode:
        head = "\n".join(f"{word} mode 100{mode:03o}" for word, mode in _modes(change))
    made = not change.before and not os.path.lexists(change.path)
    if made:
        head = "new file mode 100644"
    if head:
        head = f"diff --git {quoted(old)} {quoted(new)}\n{head}\n"
    names = ("/dev/null" if made else old, new)
    diff = unified(change.path, names, (change.before, change.after), exact=exact)
    return diff._replace(text=head + diff.text)


def _modes(change: Change) -> tuple[tuple[str, int], ...]:
    """Git knows two modes of files only."""
    return tuple(
        (word, 0o755 if mode & 0o111 else 0o644)
        for word, mode in (("old", change.old_mode), ("new", change.new_mode))
    )


def unified(file: str, names: tuple[str, str], texts: tuple[str, str], *, exact: bool) -> Diff:
    """Return the diff between two `texts` of `file`, which the headers call `names`.

    `exact` keeps every line as it is.
    """
    before, after = (StringIO(text).readlines() for text in texts)  # as git: by line feeds only
    old, new = map(quoted, names)
    found = list(difflib.unified_diff(before, after, old, new))
    lines = found if exact else list(_shown(file, found, before, after))
    altered = sum(one != other for one, other in zip(found, lines, strict=True))
    return Diff("".join(map(_ended, lines)), altered)


def quoted(name: str) -> str:
    """Return the name of a file as git writes it: what is not plain in octal, between quotes."""
    if not _ESCAPED.search(name):
        return name
    raw = name.encode(errors="surrogateescape")
    return '"' + "".join(map(_octal, raw)) + '"'


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _octal(byte: int) -> str:
    char = chr(byte)
    if char in '"\\':
        return f"\\{char}"
    return char if " " <= char <= "~" else f"\\{byte:03o}"


def _shown(file: str, found: list[str], *sides: list[str]) -> Iterator[str]:
    """Yield the lines of a diff, each judged by those around it in its file."""
    numbers = [0, 0]
    bare = [[line.rstrip("\r\n") for line in side] for side in sides]
    for place, line in enumerate(found):
        if place < 2:
            yield line
        elif start := _HUNK.match(line):
            numbers = [int(start[1]), int(start[2])]
            yield line
        else:
            side = 0 if line[0] == "-" else 1
            text = _line(file, bare[side], numbers[side])
            yield f"{line[0]}{text}{line[1:].removeprefix(bare[side][numbers[side] - 1])}"
            numbers[0] += line[0] != "+"
            numbers[1] += line[0] != "-"


def _line(file: str, lines: list[str], number: int) -> str:
    raw = lines[number - 1]
    shown = shown_line(lines, number, file)
    if shown == raw[:LONGEST].replace("\t", " "):
        shown = raw
    # Tabs and bytes that are no text stay: git has to read them, and no screen obeys them.
    return "".join(
        part if _KEPT.fullmatch(part) else printable(part) for part in _KEPT.split(shown)
    )
