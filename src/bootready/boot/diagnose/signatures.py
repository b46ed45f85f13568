"""The last lines of a program -> the row of the tables that knows them, with its words filled in.

The newest line is tried first, and of the rows that know a line the one that knows most of it wins
(`knowledge/words`). Decisive rows are tried on all lines before the others: what a program writes
while it gives up does not hide them. Weak rows are tried last: they only follow from another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache

from bootready.knowledge.words.known import known_rows
from bootready.knowledge.words.lookup import Match, Words
from bootready.knowledge.words.rows import Row
from bootready.model.lines import cut
from bootready.regex import regex

__all__ = ["Match", "matches", "recognise", "words_with"]

_ORDINARY = regex(
    r"[\"']level[\"']: ?[\"'](?:info|debug|trace)[\"']|\blevel=(?:info|debug|trace)\b"
    r"|\[(?:info|debug|notice|note)\]|^.{0,80}?\b(?:INFO|DEBUG|TRACE|NOTICE)\b"
    r"|[\"']s[\"']: ?[\"']I[\"']"
)
"""What a program says of itself while all is well, such as each variable that it has read."""

_CODE = regex(r"^ {1,80}+\[?code\]?: '([A-Z][A-Z0-9_]{2,60})',?$")
"""A property of an error that Node.js prints below its message."""
_ABOVE = 40
"""Lines of a stack that may stand between both."""


@cache
def words_with(own: tuple[Row, ...] = ()) -> Words:
    """Return the tables of the package, after those of a person, `own`."""
    return Words((*own, *known_rows()))


def matches(line: str, *, dead: bool = True, words: Words | None = None) -> list[Match]:
    """Return the rows that know one line, the best one first."""
    words = words or words_with()
    line = cut(line)
    found = words.matches(line, dead=dead)
    if _ORDINARY.search(line) is None:
        return found
    spoken = {row.id for row in words.rows if row.at_info}
    return [one for one in found if one.id in spoken]


def echoes(lines: Sequence[str]) -> frozenset[int]:
    """Return the indexes of lines that only repeat the code of the message above them.

    `code: 'ENOSPC'` is not about a disk if the message is about watched files.
    """
    codes = {at: found[1] for at, line in enumerate(lines) if (found := _CODE.match(line))}
    return frozenset(
        at
        for at, code in codes.items()
        if any(
            code in line
            for above, line in enumerate(lines[max(0, at - _ABOVE) : at], max(0, at - _ABOVE))
            if above not in codes
        )
    )


def recognise(
    lines: Sequence[str],
    *,
    dead: bool,
    only: str = "",
    without: Collection[str] = (),
    words: Words | None = None,
) -> Match | None:
    """Return the row that knows the newest telling line, None where none does.

    `only` this row is tried where one is named, and none of the kinds `without`.
    """
    words = words or words_with()
    strengths = {row.id: row.strength for row in words.rows}
    told_before = echoes(lines)
    own = [line for at, line in enumerate(lines) if at not in told_before]
    told = [
        one
        for line in reversed(own)
        for one in matches(line, dead=dead, words=words)
        if only in {"", one.id} and one.kind not in without
    ]
    times = Counter(one.id for one in told)
    told = [one for one in told if times[one.id] >= one.repeats]
    for strength in ("decisive", "", "weak"):
        found = next((one for one in told if strengths.get(one.id) == strength), None)
        if found is not None:
            return found
    return None
