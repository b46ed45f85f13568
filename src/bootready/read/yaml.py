"""The text of a YAML file -> its documents as Nodes, every value and key with its place.

Reads the events of PyYAML (libyaml where it is compiled in) and builds the tree by the rules of
Compose v5.6.1: scalars, merge keys, aliases, duplicate keys, ``!reset`` and ``!override``, and its
limits. The reasons are in docs/adr/0002-yaml-composer.md.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import NoReturn, Protocol, cast

import yaml

from bootready.errors import ProjectError
from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, Span
from bootready.model.project import Problem
from bootready.read.scalars import (
    TAG_PREFIX,
    TagError,
    Timestamp,
    plain_value,
    shortened,
    tagged_value,
)
from bootready.read.standins import needs_stand_ins, with_stand_ins, without_stand_ins

NODE_LIMIT = 100_000
"""Values in one document: Compose v5 refuses more, v2 does not (compose-go, loader/reset.go)."""
DEPTH_LIMIT = 150
"""Levels of nesting. Compose allows 10,000; a later phase here is recursive, and no file has 20."""
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SCALAR: type = yaml.ScalarEvent
_ALIAS: type = yaml.AliasEvent
_MAPPING: type = yaml.MappingStartEvent
_SEQUENCE_END: type = yaml.SequenceEndEvent
_MAPPING_END: type = yaml.MappingEndEvent
_DOCUMENT: type = yaml.DocumentStartEvent
_make_span = tuple.__new__
"""Makes a Span at half the price of calling it, which counts: it is done for each value and key."""


class _Mark(Protocol):
    """A place of PyYAML's; counts from 0."""

    line: int
    column: int


class _Event(Protocol):
    """An event of PyYAML's; which of these are there, its class tells."""

    start_mark: _Mark
    end_mark: _Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    flow_style: bool


class YamlError(ProjectError):
    """A file is not YAML that Compose accepts; `problems` are all fatal and have places."""


def read_yaml(text: str, file: str) -> list[Node]:
    """Return the documents of `text`; `file` is the absolute path that the places name.

    An empty file has no documents. Raises YamlError with every problem found up to the first
    syntax error.
    """
    collecting = gc.isenabled()
    # Nothing that is built here can be garbage yet, and the collector's passes over a growing
    # tree cost more than building it.
    gc.disable()
    try:
        return _Composer(text, file).documents()
    finally:
        if collecting:
            gc.enable()


class _Stop(Exception):  # noqa: N818 - it only carries control to `documents`
    """The rest of the text cannot be read; the problems are in the composer."""


class _Composer:
    """Builds the documents of one file."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.text = text
        self.swapped = needs_stand_ins(text)
        self.problems: list[Problem] = []
        self.reset_document()

    def reset_document(self) -> None:
        self.anchors: dict[str, Node | None] = {}
        self.sizes: dict[str, int] = {}
        self.depth = 0
        self.visits = 0
        self.untracked = 0
        self.built = 0
        self.aliased = 0
        self.dropped: set[int] = set()

    def documents(self) -> list[Node]:
        """Return all documents, or raise YamlError."""
        found: list[Node] = []
        try:
            self.loader = _Loader(with_stand_ins(self.text) if self.swapped else self.text)
            self.next = cast(Callable[[], _Event], self.loader.get_event)
            self.next()
            while type(self.next()) is _DOCUMENT:
                self.reset_document()
                found.append(self.node(self.next()))
                self.check_aliases(found[-1])
                self.next()
        except yaml.YAMLError as error:
            self.problems.append(self.syntax_problem(error))
        except _Stop:
            pass
        if self.problems:
            raise YamlError(self.problems)
        return found

    def node(self, event: _Event) -> Node:
        """Return the value that starts with `event`."""
        self.built += 1
        if not self.untracked:
            self.visits += 1
            if self.visits > NODE_LIMIT:
                self.stop("yaml-limit", self.span(event), f"more than {NODE_LIMIT:,} values")
        kind = type(event)
        if kind is _SCALAR:
            return self.scalar(event)
        if kind is _ALIAS:
            return self.alias(event)
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            self.stop("yaml-limit", self.span(event), f"nested deeper than {DEPTH_LIMIT} levels")
        tag = event.tag or ""
        tag = tag if tag in _KEPT_TAGS else ""
        self.untracked += bool(tag)
        before = self.built
        if event.anchor:
            self.anchors[event.anchor] = None
        made: Node = self.mapping(event, tag) if kind is _MAPPING else self.sequence(event, tag)
        if event.anchor:
            self.anchors[event.anchor] = made
            self.sizes[event.anchor] = self.built - before + 1
        self.untracked -= bool(tag)
        self.depth -= 1
        return made

    def scalar(self, event: _Event) -> Scalar:
        start, end = event.start_mark, event.end_mark
        span = _make_span(
            Span, (self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        )
        text, tag = event.value, event.tag
        if self.swapped:
            text = self.restored(text, event.style, span)
        if tag is None:
            made = Scalar(text if event.style else plain_value(text), span)
            if text == "<<" and not event.style:
                self.dropped.add(id(made))
        else:
            made = Scalar(self.tagged(tag, text, span), span, tag=tag if tag in _KEPT_TAGS else "")
            if tag == _MERGE_TAG:
                self.dropped.add(id(made))
        if event.anchor:
            self.anchors[event.anchor] = made
            self.sizes[event.anchor] = 1
        return made

    def sequence(self, event: _Event, tag: str) -> Sequence:
        items: list[Node] = []
        add, take = items.append, self.next
        while type(following := take()) is not _SEQUENCE_END:
            made = self.node(following)
            if not self.dropped or id(made) not in self.dropped:
                add(made)
        return Sequence(items, self.extent(event, following, items[-1] if items else None), tag=tag)

    def mapping(self, event: _Event, tag: str) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        written: dict[str, Span] = {}
        merged: Node | None = None
        value: Node | None = None
        take = self.next
        while type(following := take()) is not _MAPPING_END:
            key, raw, span, merges = self.key(following)
            if raw in written:
                self.add("duplicate-key", span, _duplicate(raw, written[raw]), raw)
            written[raw] = span
            value = self.node(take())
            if merges:
                merged = value
            elif key is not None and (not self.dropped or id(value) not in self.dropped):
                entries[key] = value
                keys[key] = span
        made = Mapping(entries, keys, self.extent(event, following, value), tag=tag)
        if merged is not None:
            self.merge(made, merged)
        return made

    def key(self, event: _Event) -> tuple[str | None, str, Span, bool]:
        """Return the key, its text as written, its place and whether it is the merge key.

        The key is None where Compose refuses it; that is a problem by then.
        """
        if type(event) is _SCALAR and event.tag is None and not event.anchor:
            # The ordinary key, without a node of its own.
            self.built += 1
            start, end = event.start_mark, event.end_mark
            span = _make_span(
                Span, (self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
            )
            text = event.value
            if self.swapped:
                text = self.restored(text, event.style, span)
            if event.style:
                return text, text, span, False
            value = plain_value(text)
            if value.__class__ is str:
                return text, text, span, text == "<<"
            return self.refuse_key(value, text, span)
        self.untracked += 1
        node = self.node(event)
        self.untracked -= 1
        if isinstance(node, Scalar):
            # Compose tells keys apart by their text; an alias's text is its anchor's name.
            if type(event) is _ALIAS:
                raw, merges = event.anchor or "", False
            else:
                raw = event.value
                plain = event.tag is None and not event.style
                merges = event.tag == _MERGE_TAG or (plain and raw == "<<")
            if type(node.value) is str:
                return node.value, raw, self.span(event), merges
            return self.refuse_key(node.value, raw, self.span(event))
        kind = "mapping" if isinstance(node, Mapping) else "list"
        self.add("non-string-key", node.span, f"a key must be a string, and this is a {kind}")
        return None, f"\0{id(node)}", node.span, False

    def refuse_key(
        self, value: object, text: str, span: Span
    ) -> tuple[str | None, str, Span, bool]:
        quoted = f', write "{text}"' if text else ""
        self.add(
            "non-string-key",
            span,
            f"key '{text}' is {_NAMES.get(type(value), 'no string')}, not a string{quoted}",
            text,
        )
        return None, text, span, False

    def alias(self, event: _Event) -> Node:
        name = event.anchor or ""
        if name not in self.anchors:
            self.stop("yaml-alias", self.span(event), f"alias '*{name}' has no anchor '&{name}'")
        node = self.anchors[name]
        if node is None:
            self.stop(
                "yaml-alias", self.span(event), f"alias '*{name}' stands inside its own anchor"
            )
        size = self.sizes[name]
        self.aliased += size
        self.built += size
        return node

    def merge(self, into: Mapping, source: Node) -> None:
        """Add the entries of a merge key's value, without replacing any: the first one wins."""
        sources = source.items if isinstance(source, Sequence) else [source]
        for node in sources:
            if not isinstance(node, Mapping):
                self.add("merge-key", node.span, "`<<` takes a mapping or a list of mappings", "<<")
                continue
            for key, value in node.entries.items():
                if key not in into.entries:
                    into.entries[key] = value
                    into.keys[key] = node.keys[key]

    def tagged(self, tag: str, text: str, span: Span) -> str | int | float | bool | None:
        try:
            return tagged_value(tag, text)
        except TagError as error:
            self.add("yaml-tag", span, str(error))
            return None

    def restored(self, text: str, style: str | None, span: Span) -> str:
        made = without_stand_ins(text, style or "")
        if made is None:
            self.add("yaml-syntax", span, r"unknown escape '\/' in double quotes, write '/'")
            return text
        return made

    def extent(self, start: _Event, end: _Event, last: Node | None) -> Span:
        """Return the place of a collection: to its bracket, or to the end of its last value."""
        first = start.start_mark
        if last is not None and not start.flow_style:
            final = last.span
            if (final.line, final.column) > (first.line + 1, first.column):
                place = (self.file, first.line + 1, first.column + 1)
                return _make_span(Span, (*place, final.end_line, final.end_column))
        stop = end.end_mark if start.flow_style else first
        place = (self.file, first.line + 1, first.column + 1)
        return _make_span(Span, (*place, stop.line + 1, stop.column + 1))

    def span(self, event: _Event) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def check_aliases(self, root: Node) -> None:
        """Refuse a document that is mostly aliases, by go.yaml.in/yaml's ratio (options.go)."""
        if self.aliased <= 100 or self.built <= 1000:
            return
        over = min(max(self.built - 400_000, 0) / 3_600_000, 1)
        if self.aliased / self.built > 0.99 - 0.89 * over:
            self.stop("yaml-limit", root.span, "aliases expand to far more than is written")

    def add(self, kind: str, span: Span, message: str, subject: str = "") -> None:
        self.problems.append(Problem(kind, message, Location(span), True, subject))

    def stop(self, kind: str, span: Span, message: str) -> NoReturn:
        self.add(kind, span, message)
        raise _Stop

    def syntax_problem(self, error: yaml.YAMLError) -> Problem:
        """Return libyaml's own words with the place they are about."""
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        words = [getattr(error, "problem", None) or "", getattr(error, "context", None) or ""]
        if mark is None:
            return self.character_problem()
        message = ", ".join(word for word in words if word)
        line = (self.text.splitlines() or [""])[min(mark.line, self.text.count("\n"))]
        if line[: mark.column + 1].endswith("\t") or line.lstrip(" ").startswith("\t"):
            message = f"a tab cannot indent YAML, use spaces ({message})"
        place = Span(self.file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
        return Problem("yaml-syntax", f"not YAML: {message}", Location(place), True)

    def character_problem(self) -> Problem:
        """Name the first character that YAML does not allow."""
        for number, line in enumerate(self.text.split("\n"), 1):
            for column, character in enumerate(line, 1):
                if not _allowed(character):
                    place = Span(self.file, number, column, number, column + 1)
                    message = f"not YAML: control character U+{ord(character):04X}"
                    return Problem("yaml-syntax", message, Location(place), True)
        place = Span(self.file, 1, 1, 1, 1)
        return Problem("yaml-syntax", "not YAML: unreadable characters", Location(place), True)


_KEPT_TAGS = frozenset({"!reset", "!override"})
_MERGE_TAG = f"{TAG_PREFIX}merge"
_NAMES = {
    int: "a number",
    float: "a number",
    bool: "a boolean",
    type(None): "null",
    Timestamp: "a date",
}


def _duplicate(raw: str, first: Span) -> str:
    return f"key '{shortened(raw)}' is already defined at line {first.line}"


def _allowed(character: str) -> bool:
    code = ord(character)
    return (
        code in {0x09, 0x0A, 0x0D}
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or code >= 0x10000
    )
