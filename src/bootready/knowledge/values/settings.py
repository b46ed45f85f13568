"""The text of a configuration file -> the values that its lines set, each with its place.

One line at a time, for any format that writes ``name: value``, ``name = value``, ``name => value``,
``"name": "value"`` or ``<name>value</name>``. What a comment sets is not set.
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.regex import regex
from bootready.typed import NamedTuple

_LONGEST = 2000
"""Characters of a line: a longer one is data."""
_COMMENTS = ("#", "//", ";", "--", "/*", "* ", "<!--", "!")
_LINE = regex(
    r"[ \t]*(?:- )?(?:export |const |let |var |define\(|\$)?[\"']?"
    r"(?P<name>[A-Za-z_][\w.-]{0,99})[\"']?[ \t]*(?:=>|:=|[=:,])[ \t]*(?P<rest>\S.*)"
)
_TAG = regex(
    r"[ \t]*<(?P<name>[A-Za-z_][\w.-]{0,99})>(?P<value>[^<>]+)</(?P=name)>[ \t]*(?:<!--.*)?",
    needs=("</",),
)
_BEHIND = regex(r"(?<![ \t])[ \t]+(?:#|//|;)")
"""A comment after a value, looked for once for each run of blanks."""


class Written(NamedTuple):
    """One value of a file: `start` and `end` are its offsets in the text, `line` counts from 1."""

    name: str
    value: str
    line: int
    start: int
    end: int
    in_url: bool = False
    """Whether it is only the password within a URL."""


def settings_of(text: str) -> Iterator[Written]:
    """Yield the values that stand whole on a line of `text`."""
    offset = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        bare = line.rstrip("\r\n")
        if len(bare) <= _LONGEST and not bare.lstrip().startswith(_COMMENTS):
            found = _tagged(bare) or _assigned(bare)
            if found is not None:
                name, start, end = found
                yield Written(name, bare[start:end], number, offset + start, offset + end)
        offset += len(line)


def _tagged(line: str) -> tuple[str, int, int] | None:
    found = _TAG.fullmatch(line)
    return (found["name"], *found.span("value")) if found else None


def _assigned(line: str) -> tuple[str, int, int] | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    start, rest = found.start("rest"), found["rest"]
    quote = rest[0]
    if quote in {'"', "'", "`"}:
        end = rest.find(quote, 1)
        return (found["name"], start + 1, start + end) if end > 1 else None
    comment = _BEHIND.search(rest)
    if comment:
        end = comment.start()
    else:
        bare = rest.rstrip(" \t")
        end = len(bare) - bare.endswith((",", ";"))
    return (found["name"], start, start + end) if end else None
