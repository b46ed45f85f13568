"""The text of a YAML file that uses the plain part of YAML alone -> its document as Nodes.

Nearly every Compose file is block mappings and lists of one-line values, and to import PyYAML costs
as much as to read fifty of them. What is read here is exactly what `read.composer` would make of
it, with the same places; whatever is not plain is handed on: anchors, tags, block scalars,
escapes, values of several lines, tabs, every error. See docs/adr/0052-a-reader-for-plain-yaml.md.
"""

from __future__ import annotations

import re

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Span
from bootready.read.scalars import plain_value
from bootready.typed import NamedTuple

_DEPTH = 40
"""Levels of nesting; a file with more is handed on."""
_make_span = _make_line = tuple.__new__
"""Half the price of calling the record."""

_KEY = r"[A-Za-z0-9_./$][\w./$@+*%-]{0,127}"
_START = r"(?:[^\s\-?:,\[\]{}#&*!|<>'\"%@`]|-(?=[^\s]))"
_PLAIN = rf"{_START}(?:[^ :\n]++|:(?=[^ \n])| ++(?=[^#\n]))*+"
_DOUBLE = r'"[^"\\\n]*"'
_SINGLE = r"'(?:[^'\n]++|'')*+'"
_INNER = rf"(?:[^\[\]{{}}\"'\n#]++|{_DOUBLE}|'[^'\n]*')*+"
_FLOW = rf"\[{_INNER}\]|\{{{_INNER}\}}"
_LINE = (
    r"( *+)"
    r"(-(?: ++|(?=\n)))?"
    rf"(?:({_KEY}|{_DOUBLE}|'[^'\n]*'):(?: ++|(?=\n)))?"
    rf"({_PLAIN}|{_DOUBLE}|{_SINGLE}|{_FLOW})?"
    r" *(?:(?<![^ \n])#[^\n]*)?\n"
)
"""Indentation, dash, key, value, and then nothing but a comment."""
_FLOW_PLAIN = (
    r"(?:[A-Za-z0-9_./$=+~]|-(?=[\w./=-]))"
    r"(?:[\w./$=+~@%&*;()|<>^!-]++|:(?=[\w/])| +(?=[\w./$=+~(]))*+"
)
_VALUE = rf"{_DOUBLE}|'[^'\n]*'|{_FLOW_PLAIN}"
_ITEM = rf" *({_VALUE}) *(?:,(?! *\])|(?=\]\Z))"
_PAIR = rf" *({_DOUBLE}|'[^'\n]*'|{_KEY}): +({_VALUE}) *(?:,(?! *\}})|(?=\}}\Z))"


class NotPlain(Exception):  # noqa: N818 - it says to whom the text goes, not that it is wrong
    """The text uses more than the plain part of YAML, or is not valid."""


class _Line(NamedTuple):
    """A line that is no comment; columns count from 1, 0 for what is not there."""

    number: int
    indent: int
    """Columns before its dash, its key or its value."""
    dash: int
    """Columns of its dash with the spaces behind it."""
    key: str
    """As written, with its quotes; '' for none."""
    value: str
    column: int
    """Of the value."""


class PlainDocument(NamedTuple):
    """The one document of a text, and how many keys and values it has."""

    root: Node
    keys: int
    values: int


def read_plain(text: str, file: str, limit: int) -> PlainDocument:
    """Return the document in `text`; `file` is the absolute path that the places name.

    Raises NotPlain for whatever the full reader has to look at, and for more than `limit` values.
    """
    # Tabs, carriage returns, other line breaks and what else does not print are not read here.
    if not text.replace("\n", "").isprintable():
        raise NotPlain
    return _Reader(text if text.endswith("\n") else f"{text}\n", file, limit).document()


class _Reader:
    """Reads one text, a line ahead."""

    def __init__(self, text: str, file: str, limit: int) -> None:
        self.limit = limit
        self.text = text
        self.file = file
        self.match = re.compile(_LINE).match
        self.position = 0
        self.number = 0
        self.depth = 0
        self.keys = 0
        self.values = 0
        self.line: _Line | None = self._next()

    def document(self) -> PlainDocument:
        """Return the whole."""
        line = self.line
        if line is not None and line.value == "---" and not line.key and not line.indent:
            line = self.line = self._next()
        if line is None or line.indent or (not line.key and not line.dash):
            raise NotPlain
        root = self._block(line)
        if self.line is not None:
            raise NotPlain
        return PlainDocument(root, self.keys, self.values)

    def _next(self) -> _Line | None:
        """Return the next line with something on it."""
        match, text = self.match, self.text
        if self.values > self.limit:
            raise NotPlain
        while True:
            found = match(text, self.position)
            if found is None:
                if self.position < len(text):
                    raise NotPlain
                return None
            start, self.position = self.position, found.end()
            self.number += 1
            indent, dash, key, value = found.groups("")
            if dash or key or value:
                column = found.start(4) - start + 1
                return _make_line(_Line, (self.number, len(indent), len(dash), key, value, column))

    def _block(self, line: _Line) -> Node:
        """Return the mapping or list that starts at `line`, and go on behind it."""
        self.depth += 1
        if self.depth > _DEPTH:
            raise NotPlain
        self.values += 1
        made: Node
        if line.dash:
            made = self._sequence(line)
        elif line.key:
            made = self._mapping(line, line.indent)
        else:
            raise NotPlain  # a value on a line of its own
        self.depth -= 1
        return made

    def _sequence(self, line: _Line) -> Sequence:
        indent = line.indent
        start = (self.file, line.number, indent + 1)
        items: list[Node] = []
        following: _Line | None = line
        while following is not None and following.indent == indent and following.dash:
            items.append(self._item(following))
            following = self.line
        if following is not None and following.indent > indent:
            raise NotPlain
        return Sequence(items, self._extent(start, items[-1].span))

    def _item(self, line: _Line) -> Node:
        """Return what stands behind the dash of `line`."""
        inner = line.indent + line.dash
        if line.key:
            self.depth += 1
            self.values += 1
            made = self._mapping(line, inner)
            self.depth -= 1
            return made
        self.line = following = self._next()
        if line.value:
            return self._value(line)
        if following is not None and following.indent > line.indent:
            return self._block(following)
        return self._nothing(line.number, line.indent + 2)

    def _mapping(self, line: _Line, indent: int) -> Mapping:
        """Return the mapping whose first key is on `line`, each with `indent` columns before it."""
        column = indent + 1
        start = (self.file, line.number, column)
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        while True:
            key = self._key_text(line.key)
            if key in entries:
                raise NotPlain  # a duplicate, which the other reader words
            end = column + len(line.key)
            keys[key] = _make_span(Span, (self.file, line.number, column, line.number, end))
            entries[key] = value = self._entry(line, indent)
            if self.line is None or self.line.indent < indent:
                break
            line = self.line
            if line.indent > indent or not line.key or line.dash:
                raise NotPlain
        self.keys += len(keys)
        return Mapping(entries, keys, self._extent(start, value.span))

    def _entry(self, line: _Line, indent: int) -> Node:
        """Return the value of the key on `line`."""
        self.line = following = self._next()
        if line.value:
            return self._value(line)
        if following is not None and (
            following.indent > indent or (following.indent == indent and following.dash)
        ):
            return self._block(following)
        return self._nothing(line.number, indent + len(line.key) + 2)

    def _key_text(self, text: str) -> str:
        if text[0] in {'"', "'"}:
            return text[1:-1]
        if plain_value(text) is not text:
            raise NotPlain  # no string, or the merge key
        return text

    def _value(self, line: _Line) -> Node:
        """Return the value on `line`; what is on the next one must not belong to it."""
        text, column = line.value, line.column
        if text[0] in {"[", "{"}:
            return self._flow(text, line.number, column)
        return self._scalar(text, line.number, column)

    def _scalar(self, text: str, number: int, column: int) -> Scalar:
        self.values += 1
        span = _make_span(Span, (self.file, number, column, number, column + len(text)))
        first = text[0]
        if first == '"':
            return Scalar(text[1:-1], span)
        if first == "'":
            return Scalar(text[1:-1].replace("''", "'"), span)
        return Scalar(plain_value(text), span)

    def _flow(self, text: str, number: int, column: int) -> Node:
        """Return a list or mapping in brackets, on one line and with simple values alone."""
        self.values += 1
        span = _make_span(Span, (self.file, number, column, number, column + len(text)))
        if not text[1:-1].strip(" "):
            return Sequence([], span) if text[0] == "[" else Mapping({}, {}, span)
        items: list[Node] = []
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        position = 1
        find = re.compile(_ITEM if text[0] == "[" else _PAIR).match
        while position < len(text) - 1:
            found = find(text, position)
            if found is None:
                raise NotPlain
            position = found.end()
            if text[0] == "[":
                items.append(self._scalar(found[1], number, column + found.start(1)))
                continue
            key, at = self._key_text(found[1]), column + found.start(1)
            if key in entries:
                raise NotPlain
            self.keys += 1
            keys[key] = Span(self.file, number, at, number, at + len(found[1]))
            entries[key] = self._scalar(found[2], number, column + found.start(2))
        return Sequence(items, span) if text[0] == "[" else Mapping(entries, keys, span)

    def _nothing(self, number: int, column: int) -> Scalar:
        self.values += 1
        return Scalar(None, _make_span(Span, (self.file, number, column, number, column)))

    def _extent(self, start: tuple[str, int, int], last: Span) -> Span:
        """Return the place of a block collection: to the end of its last value."""
        if (last.line, last.column) > (start[1], start[2] - 1):
            return _make_span(Span, (*start, last.end_line, last.end_column))
        return _make_span(Span, (*start, start[1], start[2]))
