"""The text of a YAML file that uses the plain part of YAML alone -> its document as Nodes.

Nearly every Compose file is block mappings and lists of simple values, and to import PyYAML costs
as much as to read fifty of them. What is read here is exactly what `read.composer` would make of
it, with the same places; whatever is not plain is handed on: tags, odd escapes, words of several
lines, tabs, every error. See docs/adr/0052-a-reader-for-plain-yaml.md.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Span
from bootready.read.plain_values import (
    DEPTH,
    DOUBLE,
    KEY,
    NAME,
    WHOLE,
    Line,
    NotPlain,
    Values,
    is_name,
    is_simple_key,
    key_text,
    make_span,
)
from bootready.regex import regex
from bootready.typed import NamedTuple

__all__ = ["NotPlain", "PlainDocument", "read_plain"]

_MOST_MERGED = 10_000
"""Entries that merge keys may bring in; a file with more is handed on."""

_START = r"(?:[^\s\-?:,\[\]{}#&*!|<>'\"%@`]|-(?=[^\s]))"
_PLAIN = rf"{_START}(?:[^ :\n]++|:(?=[^ \n])| ++(?=[^#\n]))*+"
_SINGLE = r"'(?:[^'\n]++|'')*+'"
_LINE = regex(
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
_MARKS = "-?:,[]{}#&*!|<>'\"%@`"
"""What a plain value does not begin with, or not always."""
_BLOCK = regex(r"[|>][+-]? *(?:#[^\n]*)?\n")
_REST = regex(r" *(?:(?<= )#[^\n]*)?\n")


_Head = tuple[int, int, str, str]
"""How a line begins: indentation, dash, key as written, key."""


def _line_in(written: str, heads: dict[str, _Head]) -> Line:
    """Return what a line says. Raises NotPlain where that is nothing plain."""
    head, colon, value = written[:-1].partition(":")
    known = heads.get(head) if colon and value[:1] in _BEHIND_COLON else None
    if known is not None:
        return _valued_line(known, value.lstrip(" "), len(written) - 1) or _matched_line(written)
    line = _simple_line(written) or _matched_line(written)
    if line.key and head.endswith(line.key):
        heads[head] = line.indent, line.dash, line.key, line.name
    return line


_BLOCKS = frozenset({"|", "|-", "|+", ">", ">-", ">+"})
"""How blocks of text begin."""
_BEHIND_COLON = frozenset({"", " "})


def _matched_line(written: str) -> Line:
    """Return what a line of any kind says."""
    found = _LINE.match(written)
    if found is None:
        raise NotPlain
    indent, dash, key, anchor, bracket, value = found.groups("")
    start = found.start(5 if bracket else 6)
    value = bracket or value
    before = found.start(4)
    name = key and key_text(key)
    return Line(len(indent), len(dash), key, name, value, start, anchor, before)


def _simple_line(written: str) -> Line | None:
    """Return what a line of the usual kinds says, as `_LINE` would have it; None for another.

    A small project has no other lines, and is read before an expression is compiled (ADR 117).
    """
    end = len(written) - 1
    body = written[:end].lstrip(" ")
    indent = end - len(body)
    if body[:1] in {"", "#"}:
        return Line(indent, 0, "", "", "", 0)
    dash = 0
    if body == "-" or body[:2] == "- ":
        rest = body[1:].lstrip(" ")
        dash = len(body) - len(rest)
        body = rest
    key, colon, value = body.partition(":")
    if colon and value[:1] in _BEHIND_COLON and (is_simple_key(key) or key == "<<"):
        return _valued_line((indent, dash, key, key_text(key)), value.lstrip(" "), end)
    return _valued_line((indent, dash, "", ""), body, end)


def _valued_line(head: _Head, value: str, end: int) -> Line | None:
    """Return the line whose `value` goes on to its `end`; None for a value of another kind."""
    start = end - len(value)
    value = value.rstrip(" ")
    first = value[:1]
    if first == "[" or first == "{":  # noqa: PLR1714 - no set to look into, for every line
        value = first
    elif first == '"' or first == "'":  # noqa: PLR1714
        if value[-1] != first or value.count(first) != 2 or (first == '"' and "\\" in value):
            return None
    elif first == "&":
        return _anchored_line(head, value, start)
    elif first and _is_odd(value):
        return None
    return Line(*head, value, start)


def _anchored_line(head: _Head, value: str, start: int) -> Line | None:
    """Return the line whose `value`, at `start`, is an anchor alone or one before a bracket."""
    name, _, rest = value[1:].partition(" ")
    rest = rest.lstrip(" ")
    if not is_name(name) or rest[:1] not in {"", "[", "{"}:
        return None
    return Line(*head, rest[:1], start + len(value) - len(rest), name, start + 1)


def _is_odd(value: str) -> bool:
    """Tell whether `value`, without quotes, may be more than a word, or none."""
    if ": " in value or " #" in value or value[-1] == ":":
        return True
    first = value[0]
    if first == "-":
        return value[1:2] in {"", " "}
    if first not in _MARKS:
        return False
    return not (is_name(value[1:]) if first == "*" else value in _BLOCKS)


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
        if _BLOCK.search(text):
            raise NotPlain  # a block of text may end without a line break
        text += "\n"
    return _Reader(text, file, limit).document()


class _Reader(Values):
    """Reads one text, a line ahead: `number` and `line_start` are those of `line`."""

    def __init__(self, text: str, file: str, limit: int) -> None:
        super().__init__(text, file)
        self.limit = limit
        self.merged = 0
        self.seen: dict[str, Line] = {}
        """Lines taken apart: half of those of a Compose file are the same as an earlier one."""
        self.heads: dict[str, _Head] = {}
        """How lines begin by their text before the colon: services have the same keys."""
        self.line: Line | None = self._next()

    def document(self) -> PlainDocument:
        """Return the whole."""
        line = self.line
        if line is not None and line.value == "---" and line.start == 0:
            line = self.line = self._next()
        if line is None or line.indent or (not line.key and not line.dash):
            raise NotPlain
        root = self._block(line)
        if self.line is not None or self.aliased > self.keys + self.values:
            raise NotPlain  # a file of stand-ins, which Compose may refuse
        return PlainDocument(root, self.keys, self.values)

    def _next(self) -> Line | None:
        """Return the next line with something on it."""
        text, seen, start = self.text, self.seen, self.position
        if self.values > self.limit:
            raise NotPlain
        while start < len(text):
            end = text.index("\n", start) + 1
            written = text[start:end]
            line = seen.get(written)
            if line is None:
                line = seen[written] = _line_in(written, self.heads)
            self.number += 1
            if line.indent >= 0:
                self.line_start, self.position = start, end
                return line
            start = end
        self.position = start
        return None

    def _block(self, line: Line, place: tuple[int, int] | None = None) -> Node:
        """Return the mapping or list that starts at `line`, and go on after it.

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

    def _sequence(self, line: Line, place: tuple[int, int] | None) -> Sequence:
        indent = line.indent
        start = (self.file, *(place or (self.number, indent + 1)))
        items: list[Node] = []
        following: Line | None = line
        while following is not None and following.indent == indent and following.dash:
            items.append(self._item(following))
            following = self.line
        if following is not None and following.indent > indent:
            raise NotPlain
        return Sequence(items, self._extent(start, items[-1].span))

    def _item(self, line: Line) -> Node:
        """Return what stands after the dash of `line`."""
        if line.key:
            self.depth += 1
            self.values += 1
            made = self._mapping(line, line.indent + line.dash)
            self.depth -= 1
            return made
        if line.is_word:
            return self._word(line)
        if line.value:
            return self._value(line, line.indent)
        number = self.number
        self.line = following = self._next()
        if following is not None and following.indent > line.indent:
            return self._below(line, number, following)
        return self._nothing(line, number, line.indent + 2)

    def _mapping(self, line: Line, indent: int, at: tuple[int, int] | None = None) -> Mapping:
        """Return the mapping whose first key is on `line`, each with `indent` columns before it."""
        column = indent + 1
        file = self.file
        start = (file, *(at or (self.number, column)))
        value: Node
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
                name, number = line.name, self.number
                if name in entries:
                    raise NotPlain  # a duplicate, which the other reader words
                end = column + len(line.key)
                keys[name] = make_span(Span, (file, number, column, number, end))
                if line.is_word:  # what `_word` does, without a call for each
                    self.values += 1
                    place = (file, number, line.column, number, line.end)
                    self.line = self._next()
                    value = Scalar(line.word, make_span(Span, place))
                else:
                    value = self._entry(line, indent)
                entries[name] = value
            following = self.line
            if following is None or following.indent < indent:
                break
            line = following
            if line.indent > indent or not line.key or line.dash:
                raise NotPlain
        self.keys += len(keys)
        made = Mapping(entries, keys, self._extent(start, value.span))
        if merged is not None:
            self._merge(made, merged)
        return made

    def _entry(self, line: Line, indent: int) -> Node:
        """Return the value of the key on `line`."""
        if line.value:
            return self._value(line, indent)
        number = self.number
        self.line = following = self._next()
        if following is not None and (
            following.indent > indent or (following.indent == indent and following.dash)
        ):
            return self._below(line, number, following)
        return self._nothing(line, number, indent + len(line.key) + 2)

    def _below(self, line: Line, number: int, following: Line) -> Node:
        """Return the block that starts at `following` and belongs to `line`, with its anchor."""
        if not line.anchor:
            return self._block(following)
        before = self._size()
        made = self._block(following, (number, line.column))
        return self._anchored(line, number, made, before)

    def _word(self, line: Line) -> Scalar:
        """Return the word on `line`, and go on after it."""
        self.values += 1
        number = self.number
        place = (self.file, number, line.column, number, line.end)
        self.line = self._next()
        return Scalar(line.word, make_span(Span, place))

    def _value(self, line: Line, parent: int) -> Node:
        """Return the value on `line`, and go on after it.

        What is on the next line must not belong to it; that is seen by who reads that.
        """
        text, number = line.value, self.number
        first = text[0]
        before = self._size() if line.anchor else 0
        made: Node
        if first in "[{":
            start = self.line_start + line.start
            made = (self.short_list(start) if first == "[" else None) or self.brackets(start)
            if self.text[self.position] == "\n":
                self.position += 1
            elif rest := _REST.match(self.text, self.position):
                self.position = rest.end()
            else:
                raise NotPlain
        elif first in "|>":
            made = self.block_text(text, line.start + 1, parent)
        elif first == "*":
            if line.anchor:
                raise NotPlain
            made = self.alias(text[1:])
        else:
            made = self.scalar(text, line.start + 1)
        self.line = self._next()
        return self._anchored(line, number, made, before) if line.anchor else made

    def _anchored(self, line: Line, number: int, made: Node, before: int) -> Node:
        """Let the anchor on `line` name `made`; the place of a value begins with its anchor."""
        if line.anchor in self.anchors:
            raise NotPlain
        span = made.span
        place = (number, line.column, span.end_line, span.end_column)
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

    def _nothing(self, line: Line, number: int, column: int) -> Scalar:
        if line.anchor:
            raise NotPlain
        self.values += 1
        return Scalar(None, make_span(Span, (self.file, number, column, number, column)))

    def _extent(self, start: tuple[str, int, int], last: Span) -> Span:
        """Return the place of a block collection: to the end of its last value."""
        _, line, column, end_line, end_column = last
        if line > start[1] or (line == start[1] and column >= start[2]):
            return make_span(Span, (*start, end_line, end_column))
        return make_span(Span, (*start, start[1], start[2]))
