"""A log that somebody kept -> the lines of it that mean something, each with its row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bootready.boot.diagnose.signatures import Match, echoes, matches, words_with
from bootready.boot.diagnose.telling import readable
from bootready.knowledge.words.meaning import Meaning, Meanings
from bootready.knowledge.words.rows import Row
from bootready.regex import regex

_PREFIX = regex(r"^([A-Za-z0-9][\w.-]{0,100}?)(?:-\d{1,4})? {0,100}+\| ?")
"""What `docker compose logs` writes before each line."""


def read_log(
    lines: Sequence[str], own: tuple[Row, ...] = (), mask: Callable[[str], str] = str
) -> Meanings:
    """Return what `lines` mean, by the tables of the package and a person's `own` rows.

    What is quoted of them goes through `mask`.
    """
    words = words_with(own)
    found: dict[tuple[str, str, str, str], Meaning] = {}
    shown = [readable(line) for line in lines]
    fronts = [_PREFIX.match(line) for line in shown]
    texts = [
        line[front.end() :] if front else line for line, front in zip(shown, fronts, strict=True)
    ]
    told_before = echoes(texts)
    for number, (text, front) in enumerate(zip(texts, fronts, strict=True), 1):
        if number - 1 in told_before:
            continue
        match = next(iter(matches(text, words=words)), None)
        if match is None:
            continue
        service = front[1] if front else ""
        key = (service, match.id, match.cause, match.remedy)
        before = found.get(key)
        found[key] = (
            Meaning(number, service, _masked(match, mask))
            if before is None
            else before._replace(times=before.times + 1)
        )
    often = (one for one in found.values() if one.times >= one.match.repeats)
    return Meanings(len(lines), tuple(often))


def _masked(match: Match, mask: Callable[[str], str]) -> Match:
    return match._replace(
        line=mask(match.line),
        cause=mask(match.cause),
        remedy=mask(match.remedy),
        values={name: mask(value) for name, value in match.values.items()},
    )
