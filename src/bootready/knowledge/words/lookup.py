"""Rows -> those that know a line, the one that knows most of it first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bootready.knowledge.words.rows import Row, filled
from bootready.knowledge.words.template import Template, lowered
from bootready.regex import regex
from bootready.typed import NamedTuple

LOCAL_ROW = "localhost-refused"
"""The row of a connection that was refused by the container itself, whatever the program says."""
_GRAM = 4
_LOCAL = regex(
    r"(?<!client: )(?<!host: )(?<![\w.-])((?:localhost|127\.0\.0\.1|\[?::1\]?)"
    r"(?:[\"')]{0,3}(?:,? port |:) ?\d{1,5})?)(?![\w.-])"
)
_STRENGTHS = ("decisive", "", "weak")


class Match(NamedTuple):
    """A row that knows a line, with the words of that line filled in."""

    id: str
    line: str
    cause: str
    remedy: str
    keys: tuple[str, ...]
    elsewhere: str = ""
    kind: str = ""
    program: str = ""
    variable: str = ""
    values: Mapping[str, str] = {}
    origin: str = ""
    repeats: int = 1
    """So often a log has to say it."""


class _Found(NamedTuple):
    row: Row
    values: Mapping[str, str]
    weight: int

    @property
    def order(self) -> tuple[int, bool, int]:
        return (_STRENGTHS.index(self.row.strength), self.row.general, -self.weight)


class Words:
    """Rows, with the templates sorted by a rare run of four signs of each."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """`rows` are the tables of the package and those of a person."""
        self.rows = tuple(rows)
        self._local = next((row for row in rows if row.id == LOCAL_ROW), None)
        pairs = [(row, template) for row in rows for template in row.says]
        counts = Counter(gram for _, template in pairs for gram in _grams(template.literal))
        self._by_gram: dict[str, list[tuple[Row, Template]]] = {}
        self._others: list[tuple[Row, Template]] = []
        for row, template in pairs:
            grams = _grams(template.literal)
            if grams:
                rarest = min(grams, key=lambda gram: (counts[gram], gram))
                self._by_gram.setdefault(rarest, []).append((row, template))
            else:
                self._others.append((row, template))

    def matches(self, line: str, *, dead: bool = True) -> list[Match]:
        """Return every row that knows `line`, the best one first; `line` was cut before.

        `dead` False leaves out the rows of what a living program says while it waits.
        """
        found: dict[str, _Found] = {}
        for one in self._found(line, dead=dead):
            other = found.get(one.row.id, one)
            heavier, lighter = (one, other) if one.weight > other.weight else (other, one)
            found[one.row.id] = heavier._replace(values={**lighter.values, **heavier.values})
        best = sorted(found.values(), key=lambda one: one.order)
        return [self._filled(one, line) for one in best]

    def _found(self, line: str, *, dead: bool) -> Iterator[_Found]:
        plain = lowered(line)
        for row, template in self._candidates(plain):
            if not (dead or row.alive) or any(word in plain for word in row.unless):
                continue
            values = template.match(line, plain)
            if values is not None:
                yield _Found(row, values, template.weight)

    def _candidates(self, plain: str) -> Iterator[tuple[Row, Template]]:
        yield from self._others
        for gram in _grams(plain) & self._by_gram.keys():
            yield from self._by_gram[gram]

    def _filled(self, one: _Found, line: str) -> Match:
        row, values = one.row, dict(one.values)
        if "address" not in values and "host" in values:
            port = f":{values['port']}" if "port" in values else ""
            values["address"] = values["host"] + port
        if row.kind == "refused" and self._local is not None:
            told = values.get("address") or values.get("host") or line
            here = _LOCAL.search(told)
            if here is not None:
                row = self._local
                values["address"] = values.get("address") or here[1]
        if "host" not in values and row.kind == "unknown-host" and "address" in values:
            values["host"] = values["address"].rpartition(":")[0] or values["address"]
        return Match(
            id=row.id,
            line=line.strip(),
            cause=filled(row.cause, values),
            remedy=filled(row.remedy, values),
            keys=row.look,
            elsewhere=row.elsewhere,
            kind=row.kind,
            program=row.program,
            variable=values.get("variable", row.variable),
            values=values,
            origin=row.origin,
            repeats=row.repeats,
        )


def _grams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1))
