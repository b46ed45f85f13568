"""Brackets that libyaml reads otherwise than Compose's parser -> text and refusals as Compose has.

Compose's parser (go.yaml.in/yaml v4, scanner.go) takes ``{a:}`` for a key without a value, where
libyaml refuses the colon; it ends a plain string before ``? ``, and lets no comma follow a tag.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

import yaml

from bootready.model.lines import between_feeds
from bootready.read.events import Event
from bootready.read.standins import QUESTION
from bootready.typed import NamedTuple

MOST = 50
"""Colons in one file that are set apart; each costs another reading."""
_UNEXPECTED = "found unexpected ':'"
_BYTE_ORDER_MARK = "\ufeff"


class Place(NamedTuple):
    """A place in a text; counts from 0."""

    line: int
    column: int


class Apart:
    """The spaces that were put behind colons of a text, and where things are without them."""

    def __init__(self) -> None:
        self.columns: dict[int, list[int]] = {}
        self.count = 0

    def mended(self, text: str, error: yaml.YAMLError) -> str | None:
        """Return `text` with the colon of `error` as libyaml reads it; None if that is no cause."""
        mark = getattr(error, "problem_mark", None)
        if mark is None or getattr(error, "problem", "") != _UNEXPECTED or self.count >= MOST:
            return None
        # A byte order mark has no place.
        behind = mark.index + text.startswith(_BYTE_ORDER_MARK) + 1
        following = text[behind : behind + 1]
        if text[behind - 1] != ":" or not following:
            return None
        self.count += 1
        if following in ",]}":
            self.columns.setdefault(mark.line, []).append(mark.column + 1)
            return f"{text[:behind]} {text[behind:]}"
        return f"{text[:behind]}{QUESTION}{text[behind + 1 :]}" if following == "?" else None

    def events(self, take: Callable[[], Event]) -> Callable[[], Event]:
        """Return `take`, with the places of its events in the text without the spaces."""
        if not self.columns:
            return take

        def moved() -> Event:
            event = take()
            event.start_mark = self._place(event.start_mark.line, event.start_mark.column)
            event.end_mark = self._place(event.end_mark.line, event.end_mark.column)
            return event

        return moved

    def replaced(self, error: yaml.YAMLError) -> yaml.YAMLError:
        """Return `error` with its place in the text without the spaces."""
        mark = getattr(error, "problem_mark", None)
        if mark is not None and mark.line in self.columns:
            error.problem_mark = self._place(mark.line, mark.column)  # type: ignore[attr-defined]  # those with a mark have it
        return error

    def _place(self, line: int, column: int) -> Place:
        spaces = self.columns.get(line)
        return Place(line, column - bisect_left(spaces, column) if spaces else column)


def refusal(event: Event, text: str) -> str:
    """Return why Compose refuses the plain scalar of `event` in brackets, '' if it does not.

    `text` is that of the file.
    """
    end = event.end_mark
    if event.tag is not None and not event.value:
        return "not valid YAML: `,` after a tag" if _at(text, end.line, end.column) == "," else ""
    if "? " in event.value or (
        event.value.endswith("?") and _at(text, end.line, end.column) in {"", " ", "\t", "\r"}
    ):
        return "not valid YAML: `? ` in brackets, put the string in quotes"
    return ""


def _at(text: str, line: int, column: int) -> str:
    found = (*between_feeds(text)[line : line + 1], "")[0]
    return found[column : column + 1]
