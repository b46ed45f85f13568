"""The text of a YAML file that uses the plain part of YAML alone -> its document as Nodes.

Nearly every Compose file is block mappings and lists of simple values, and to import PyYAML costs
as much as to read fifty of them. What is read here is exactly what `read.composer` would make of
it, with the same places; whatever is not plain is handed on: tags, odd escapes, words of several
lines, tabs, every error. See docs/adr/0052-a-reader-for-plain-yaml.md.
"""

from __future__ import annotations

import re

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Span
from bootready.read.plain_values import DEPTH, DOUBLE, KEY, NAME, WHOLE, NotPlain, Values, make_span
from bootready.regex import regex
from bootready.typed import NamedTuple

__all__ = ["NotPlain", "PlainDocument", "read_plain"]

_MOST_MERGED = 10_000
"""Entries that merge keys may bring in; a file with more is handed on."""
_make_line = tuple.__new__
"""Half the price of calling the record."""

_START = r"(?:[^\s\-?:,\[\]{}#&*!|<>'\"%@`]|-(?=[^\s]))"
_PLAIN = rf"{_START}(?:[^ :\n]++|:(?=[^ \n])| ++(?=[^#\n]))*+"
_SINGLE = r"'(?:[^'\n]++|'')*+'"
_LINE = (
    r"( *+)"
    r"(-(?: ++|(?=\n)))?"
    rf"(?:({KEY}|{WHOLE}|'[^'\n]*'|<<):(?: ++|(?=\n)))?"
    rf"(?:&({NAME})(?: ++|(?=\n)))?"
    r"(?:([\[{])[^\n]*+"
    rf"|({_PLAIN}|{DOUBLE}|{_SINGLE}|\*{NAME}|[|>][+-]?)? *+(?:(?<![^ \n])#[^\n]*+)?)\n"
)
"""Indentation, dash, key, anchor, bracket or value, and then nothing but a comment.

What begins with a bracket is looked at apart: it may be nested, and end on another line.
"""
_REST = regex(r" *(?:(?<= )#[^\n]*)?\n")


class _Line(NamedTuple):
    """A line that is no comment; columns count from 1, 0 for what is not there."""

    number: int
    indent: int
    """Columns before its dash, its key or its value."""
    dash: int
    """Columns of its dash with the spaces behind it."""
    key: str
    """As written, with its quotes; '' for none."""
    anchor: str
    value: str
    column: int
    """Of the value, or of its anchor."""
    start: int
    """Where the value begins in the text."""


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
    if text[-1:] != "\n":
        if re.search(r"[|>][+-]? *(?:#[^\n]*)?\n", text):
            raise NotPlain  # a block of text may end without a line break
        text += "\n"
    return _Reader(text, file, limit).document()


class _Reader(Values):
    """Reads one text, a line ahead."""

    def __init__(self, text: str, file: str, limit: int) -> None:
        super().__init__(text, file)
        self.limit = limit
        self.match = re.compile(_LINE).match
        self.merged = 0
        self.line: _Line | None = self._next()

    def document(self) -> PlainDocument:
        """Return the whole."""
        line = self.line
        if line is not None and line.value == "---" and not line.key and not line.indent:
            line = self.line = self._next()
        if line is None or line.indent or (not line.key and not line.dash):
            raise NotPlain
        root = self._block(line)
        if self.line is not None or self.aliased > self.keys + self.values:
            raise NotPlain  # a file of stand-ins, which Compose may refuse
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
            indent, dash, key, anchor, bracket, value = found.groups("")
            if dash or key or value or bracket:
                at = found.start(5 if bracket else 6)
                column = (found.start(4) - 1 if anchor else at) - start + 1
                number, self.line_start = self.number, start
                value = bracket or value
                parts = (number, len(indent), len(dash), key, anchor, value, column, at)
                return _make_line(_Line, parts)
            if anchor:
                raise NotPlain

    def _block(self, line: _Line, place: tuple[int, int] | None = None) -> Node:
        """Return the mapping or list that starts at `line`, and go on behind it.

        `place` is the line and column of its anchor.
        """
        self.depth += 1
        if self.depth > DEPTH:
            raise NotPlain
        self.values += 1
        made: Node
        if line.dash:
            made = self._sequence(line, place)
        elif line.key:
            made = self._mapping(line, line.indent, place)
        else:
            raise NotPlain  # a value on a line of its own
        self.depth -= 1
        return made

    def _sequence(self, line: _Line, place: tuple[int, int] | None) -> Sequence:
        indent = line.indent
        start = (self.file, *(place or (line.number, indent + 1)))
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
        if line.key:
            self.depth += 1
            self.values += 1
            made = self._mapping(line, line.indent + line.dash)
            self.depth -= 1
            return made
        if line.value:
            return self._value(line, line.indent)
        self.line = following = self._next()
        if following is not None and following.indent > line.indent:
            return self._below(line, following)
        return self._nothing(line, line.indent + 2)

    def _mapping(self, line: _Line, indent: int, place: tuple[int, int] | None = None) -> Mapping:
        """Return the mapping whose first key is on `line`, each with `indent` columns before it."""
        column = indent + 1
        start = (self.file, *(place or (line.number, column)))
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        merged: Node | None = None
        while True:
            if line.key == "<<":
                if merged is not None:
                    raise NotPlain
                self.keys += 1
                merged = value = self._entry(line, indent)
            else:
                key = self.key_text(line.key)
                if key in entries:
                    raise NotPlain  # a duplicate, which the other reader words
                end = column + len(line.key)
                keys[key] = make_span(Span, (self.file, line.number, column, line.number, end))
                entries[key] = value = self._entry(line, indent)
            if self.line is None or self.line.indent < indent:
                break
            line = self.line
            if line.indent > indent or not line.key or line.dash:
                raise NotPlain
        self.keys += len(keys)
        made = Mapping(entries, keys, self._extent(start, value.span))
        if merged is not None:
            self._merge(made, merged)
        return made

    def _entry(self, line: _Line, indent: int) -> Node:
        """Return the value of the key on `line`."""
        if line.value:
            return self._value(line, indent)
        self.line = following = self._next()
        if following is not None and (
            following.indent > indent or (following.indent == indent and following.dash)
        ):
            return self._below(line, following)
        return self._nothing(line, indent + len(line.key) + 2)

    def _below(self, line: _Line, following: _Line) -> Node:
        """Return the block that starts at `following` and belongs to `line`, with its anchor."""
        if not line.anchor:
            return self._block(following)
        before = self._size()
        return self._anchored(line, self._block(following, (line.number, line.column)), before)

    def _value(self, line: _Line, parent: int) -> Node:
        """Return the value on `line`, and go on behind it.

        What is on the next line must not belong to it; that is seen by who reads that.
        """
        text = line.value
        before = self._size() if line.anchor else 0
        made: Node
        if text[0] in "[{":
            made = self.brackets(line.start)
            if self.text[self.position] == "\n":
                self.position += 1
            elif rest := _REST.match(self.text, self.position):
                self.position = rest.end()
            else:
                raise NotPlain
        elif text[0] in "|>":
            made = self.block_text(text, line.start - self.line_start + 1, parent)
        elif text[0] == "*":
            if line.anchor:
                raise NotPlain
            made = self.alias(text[1:])
        else:
            column = line.start - self.line_start + 1 if line.anchor else line.column
            made = self.scalar(text, column)
        self.line = self._next()
        return self._anchored(line, made, before) if line.anchor else made

    def _anchored(self, line: _Line, made: Node, before: int) -> Node:
        """Let the anchor on `line` name `made`; the place of a value begins with its anchor."""
        if line.anchor in self.anchors:
            raise NotPlain
        span = made.span
        place = (line.number, line.column, span.end_line, span.end_column)
        made.span = make_span(Span, (self.file, *place))
        self.anchors[line.anchor] = (made, self._size() - before)
        return made

    def _size(self) -> int:
        return self.keys + self.values + self.aliased

    def _merge(self, into: Mapping, source: Node) -> None:
        """Add the entries of a merge key's value, without replacing any: the first one wins."""
        for node in source.items if isinstance(source, Sequence) else [source]:
            if not isinstance(node, Mapping):
                raise NotPlain
            self.merged += len(node.entries)
            if self.merged > _MOST_MERGED:
                raise NotPlain
            for key, value in node.entries.items():
                if key not in into.entries:
                    into.entries[key] = value
                    into.keys[key] = node.keys[key]

    def _nothing(self, line: _Line, column: int) -> Scalar:
        if line.anchor:
            raise NotPlain
        self.values += 1
        return Scalar(None, make_span(Span, (self.file, line.number, column, line.number, column)))

    def _extent(self, start: tuple[str, int, int], last: Span) -> Span:
        """Return the place of a block collection: to the end of its last value."""
        if (last.line, last.column) > (start[1], start[2] - 1):
            return make_span(Span, (*start, last.end_line, last.end_column))
        return make_span(Span, (*start, start[1], start[2]))
