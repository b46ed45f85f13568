"""What the readers of files give: an address with its place in the text."""

from __future__ import annotations

from bootready.connections.addresses import Address
from bootready.model.position import Span
from bootready.typed import NamedTuple


class Written(NamedTuple):
    """An address in a file. `eager`: the program ends where the name is not there at its start."""

    address: Address
    span: Span
    protocol: str = ""
    eager: bool = False


class NotUnderstoodError(Exception):
    """A file of a known form that is not written in it; the message says what is wrong."""


def span_at(file: str, line: int, column: int, length: int) -> Span:
    """Return the place of `length` characters; line and column count from 1."""
    return Span(file, line, column, line, column + length)
