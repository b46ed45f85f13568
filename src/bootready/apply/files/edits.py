"""Edits by span: a text and the edits of it -> the text with just those stretches replaced."""

from __future__ import annotations

from collections.abc import Iterable

from bootready.apply.files.ground import RefusedError
from bootready.model.action import Edit


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with every edit made; raises RefusedError where two of them overlap.

    Columns count characters from 1, as in `Span`; line ends stay as they are, and so does a byte
    order mark, which no column counts.
    """
    mark = text[: text.startswith("\ufeff")]
    text = text[len(mark) :]
    starts = _line_starts(text)
    cuts = sorted({(_offset(starts, e, 0), _offset(starts, e, 1), e.text) for e in edits})
    pieces, position = [], 0
    for start, end, new in cuts:
        if start < position or end < start or end > len(text):
            raise RefusedError("two edits of the same place conflict")
        pieces += [text[position:start], new]
        position = end
    return "".join([mark, *pieces, text[position:]])


def _offset(starts: list[int], edit: Edit, end: int) -> int:
    span = edit.span
    line, column = (span.end_line, span.end_column) if end else (span.line, span.column)
    if line > len(starts):
        raise RefusedError(f"line {line} of '{span.file}' no longer exists")
    return starts[line - 1] + column - 1


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts
