"""What is known of the lines of a log, as plain values."""

from __future__ import annotations

from bootready.knowledge.words.lookup import Match
from bootready.typed import NamedTuple


class Meaning(NamedTuple):
    """One line that means something; `times` lines of the log mean the same."""

    number: int
    """Of the first such line, from 1."""
    service: str
    """The service in front of the line, as `docker compose logs` writes it, or ''."""
    match: Match
    times: int = 1


class Meanings(NamedTuple):
    """What was found in `lines` lines, in their order."""

    lines: int
    found: tuple[Meaning, ...]
