"""A command written as one text -> the part that Compose drops, from the first operator on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bootready.model.lines import between_feeds
from bootready.model.node import Node, Sequence

OPERATORS = frozenset(";&|<>")
"""Where Compose's splitter ends a command without a word (mattn/go-shellwords, defaults)."""


def dropped_part(node: Node, sources: Mapping[str, str]) -> str:
    """Return the start of what Compose drops of a command, '' where it drops nothing.

    No more than the operator and a word: the rest may hold a password. Only a
    text that was written in one place is looked at: split into words, all have its span.
    """
    if not isinstance(node, Sequence) or any(item.span != node.span for item in node.items):
        return ""
    text = _written(node, sources)
    start = _first_operator(text)
    words = text[start:].split() if start >= 0 else []
    return " ".join(words[:2]) + (" ..." if len(words) > 2 else "")


def _written(node: Sequence, sources: Mapping[str, str]) -> str:
    span = node.span
    lines = between_feeds(sources.get(span.file, ""))[span.line - 1 : span.end_line]
    if not lines:
        return ""
    if span.line == span.end_line:
        text = lines[0][span.column - 1 : span.end_column - 1]
    else:
        last = lines[-1][: span.end_column - 1]
        text = "\n".join([lines[0][span.column - 1 :], *lines[1:-1], last])
    text = text.strip()
    if text[:1] in {">", "|"}:
        return text.partition("\n")[2]
    if text[:1] == text[-1:] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text[:1] == text[-1:] == "'":
        return text[1:-1].replace("''", "'")
    return text


def _first_operator(text: str) -> int:
    quote, escaped = "", False
    for position, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"`(":
            quote = ")" if character == "(" else character
        elif character in OPERATORS:
            return position
    return -1
