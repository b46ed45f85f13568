"""The last lines of a program -> the row of the table that knows them, with its words filled in.

The newest line is tried first, and the first row that matches a line wins for that line. Decisive
rows are tried on all lines before the others: what a program writes while it gives up does not hide
them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bootready.boot.diagnose.signature_table import TABLE
from bootready.model.lines import cut
from bootready.typed import NamedTuple

_ORDINARY = re.compile(r'"level": ?"(?:info|debug)"|\blevel=(?:info|debug)\b')
"""What a program says of itself while all is well, such as each variable that it has read."""


class Match(NamedTuple):
    """A row that matched, with its words filled in."""

    id: str
    line: str
    cause: str
    remedy: str
    keys: tuple[str, ...]
    elsewhere: str = ""


def recognise(
    lines: Sequence[str], *, dead: bool, only: str = "", without: Collection[str] = ()
) -> Match | None:
    """Return the row of TABLE that matches the newest telling line, None where none does.

    `only` this row is tried where one is named, and none of `without`.
    """
    lines = [cut(line) for line in lines]
    told = [(line, _ORDINARY.search(line) is not None) for line in lines]
    for decisive in (True, False):
        rows = [
            row
            for row in TABLE
            if row.decisive is decisive and (dead or not row.only_dead)
            if only in {"", row.id} and row.id not in without
        ]
        for line, is_ordinary in reversed(told):
            for row in rows:
                if is_ordinary and not row.at_info:
                    continue
                found = re.search(row.pattern, line)
                if found is not None:
                    groups = [group for group in found.groups() if group]
                    cause, remedy = (_fill(words, groups) for words in (row.cause, row.remedy))
                    return Match(row.id, line.strip(), cause, remedy, row.keys, row.elsewhere)
    return None


def _fill(words: str, groups: Sequence[str]) -> str:
    for number in range(2):
        value = groups[number] if number < len(groups) else "?"
        words = words.replace(f"{{{number}}}", value)
    return words.replace(" (?)", "").replace(": ?", "").replace("'?'", "a path")
