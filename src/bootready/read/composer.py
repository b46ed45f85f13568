"""The events of PyYAML (libyaml where it is compiled in) -> documents, every node with its place.

By the rules of Compose v5.6.1: scalars, merge keys, aliases, duplicate keys, ``!reset`` and
``!override``, and its limits. The reasons are in docs/adr/0002-yaml-composer.md.
"""

from __future__ import annotations

import yaml

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, Span
from bootready.model.problem import Problem
from bootready.read.brackets import Apart, refusal
from bootready.read.events import (
    ALIAS,
    DOCUMENT,
    MAPPING,
    MAPPING_END,
    SCALAR,
    SEQUENCE_END,
    Event,
    events,
)
from bootready.read.limits import DOCUMENT_LIMIT, VALUES_LIMIT, Room, YamlError
from bootready.read.refusal import syntax_problem
from bootready.read.scalars import (
    TAG_PREFIX,
    TagError,
    Timestamp,
    plain_value,
    shortened,
    tagged_value,
)
from bootready.read.standins import (
    anchor_at,
    needs_stand_ins,
    token_for,
    with_anchor,
    with_stand_ins,
    without_stand_ins,
)
from bootready.typed import NoReturn

DEPTH_LIMIT = 150
"""Levels of nesting. Compose allows 10,000; a later phase here is recursive, and no file has 20."""
MERGE_LIMIT = 1_000_000
"""Entries that merge keys may bring in one document; of less, Compose judges by its ratio."""
ODD_ANCHORS = 50
"""Anchors in one file whose names libyaml cannot read; each costs another reading."""
_make_span = tuple.__new__
"""Makes a Span at half the price of calling it, which counts: it is done for each value and key."""


class _Stop(Exception):  # noqa: N818 - it only carries control to `documents`
    """The rest of the text cannot be read; the problems are in the composer."""


def compose(text: str, file: str, node_limit: int, room: Room) -> list[Node]:
    """Return the documents of `text`, as `read_yaml` does. Raises YamlError."""
    return _Composer(text, file, node_limit, room).documents()


class _Composer:
    """Builds the documents of one file."""

    def __init__(self, text: str, file: str, node_limit: int, room: Room) -> None:
        self.file = file
        self.room = room
        self.node_limit = node_limit
        self.text = text
        self.swapped = needs_stand_ins(text)
        self.readable = with_stand_ins(text) if self.swapped else text
        self.tokens: dict[str, str] = {}
        self.apart = Apart()
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
        self.merged = 0
        self.flow = 0
        self.dropped: dict[int, Node] = {}

    def documents(self) -> list[Node]:
        """Return all documents, or raise YamlError."""
        left = self.room.left
        while True:
            self.room.left = left
            found: list[Node] = []
            self.problems = []
            try:
                self.read_into(found)
            except yaml.YAMLError as error:
                if self.renames_anchor(error) or self.sets_apart(error):
                    continue
                error = self.apart.replaced(error)
                self.problems.append(syntax_problem(error, self.text, self.file))
            except _Stop:
                pass
            if self.problems:
                raise YamlError(self.problems)
            return found

    def read_into(self, found: list[Node]) -> None:
        self.next = self.apart.events(events(self.readable))
        self.next()
        while type(start := self.next()) is DOCUMENT:
            if start.version not in {None, (1, 1)}:
                message = (
                    "a `%YAML` directive for a version other than 1.1 is not supported, remove it"
                )
                self.add("yaml-version", self.span(start), message)
            if len(found) == DOCUMENT_LIMIT:
                self.stop("yaml-limit", self.span(start), f"more than {DOCUMENT_LIMIT:,} documents")
            self.reset_document()
            found.append(self.node(self.next()))
            self.check_aliases(found[-1])
            self.room.left -= self.built - self.aliased
            if self.room.left < 0:
                message = f"more than {VALUES_LIMIT:,} keys and values in the files of the project"
                self.stop("yaml-limit", self.span(start), message)
            self.next()

    def renames_anchor(self, error: yaml.YAMLError) -> bool:
        """Give an anchor that libyaml cannot read a name that it can; False if that is no cause."""
        mark = getattr(error, "context_mark", None)
        if mark is None or len(self.tokens) >= ODD_ANCHORS:
            return False
        if getattr(error, "context", "") not in _ANCHOR_CONTEXTS:
            return False
        name = anchor_at(self.readable, mark.line, mark.column)
        if name is None or name in self.tokens.values():
            return False
        token = token_for(self.readable, name)
        self.tokens[token] = name
        self.readable = with_anchor(self.readable, name, token)
        self.swapped = True
        return True

    def sets_apart(self, error: yaml.YAMLError) -> bool:
        """Let libyaml read a colon in brackets as Compose does; False if that is no cause."""
        made = self.apart.mended(self.readable, error)
        if made is None:
            return False
        self.readable, self.swapped = made, True
        return True

    def node(self, event: Event) -> Node:
        """Return the value that starts with `event`."""
        self.built += 1
        if not self.untracked:
            self.visits += 1
            if self.visits > self.node_limit:
                message = f"more than {self.node_limit:,} values"
                self.stop("yaml-limit", self.span(event), message)
        kind = type(event)
        if kind is SCALAR:
            return self.scalar(event)
        if kind is ALIAS:
            return self.alias(event)
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            self.stop("yaml-limit", self.span(event), f"nested deeper than {DEPTH_LIMIT} levels")
        tag = event.tag or ""
        tag = tag if tag in _KEPT_TAGS else ""
        self.untracked += bool(tag)
        self.flow += event.flow_style
        before = self.built
        if event.anchor:
            self.anchors[event.anchor] = None
        made: Node = self.mapping(event, tag) if kind is MAPPING else self.sequence(event, tag)
        if event.anchor:
            self.anchors[event.anchor] = made
            self.sizes[event.anchor] = self.built - before + 1
        self.flow -= event.flow_style
        self.untracked -= bool(tag)
        self.depth -= 1
        return made

    def scalar(self, event: Event) -> Scalar:
        start, end = event.start_mark, event.end_mark
        span = _make_span(
            Span, (self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        )
        text, tag = event.value, event.tag
        if self.swapped:
            text = self.restored(text, event.style, span)
        if self.flow and not event.style and ("?" in text or tag is not None):
            reason = refusal(event, self.text)
            if reason:
                self.add("yaml-syntax", self.span(event), reason)
        if tag is None:
            made = Scalar(text if event.style else plain_value(text), span)
            if text == "<<" and not event.style:
                self.dropped[id(made)] = made
        else:
            made = Scalar(self.tagged(tag, text, span), span, tag=tag if tag in _KEPT_TAGS else "")
            if tag == _MERGE_TAG:
                self.dropped[id(made)] = made
        if event.anchor:
            self.anchors[event.anchor] = made
            self.sizes[event.anchor] = 1
        return made

    def sequence(self, event: Event, tag: str) -> Sequence:
        items: list[Node] = []
        add, take = items.append, self.next
        while type(following := take()) is not SEQUENCE_END:
            made = self.node(following)
            if not self.dropped or id(made) not in self.dropped:
                add(made)
        return Sequence(items, self.extent(event, following, items[-1] if items else None), tag=tag)

    def mapping(self, event: Event, tag: str) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        written: dict[str, Span] = {}
        merged: Node | None = None
        value: Node | None = None
        take = self.next
        while type(following := take()) is not MAPPING_END:
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

    def key(self, event: Event) -> tuple[str | None, str, Span, bool]:
        """Return the key, its text as written, its place and whether it is the merge key.

        The key is None where Compose refuses it; that is a problem by then.
        """
        if type(event) is SCALAR and event.tag is None and not event.anchor:
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
            if type(event) is ALIAS:
                raw, merges = event.anchor or "", False
            else:
                raw = event.value
                plain = event.tag is None and not event.style
                merges = event.tag == _MERGE_TAG or (plain and raw == "<<")
            if type(node.value) is str:
                return node.value, raw, self.span(event), merges
            return self.refuse_key(node.value, raw, self.span(event))
        kind = "mapping" if isinstance(node, Mapping) else "list"
        self.add("non-string-key", node.span, f"a key must be a string, but this is a {kind}")
        return None, f"\0{id(node)}", node.span, False

    def refuse_key(
        self, value: object, text: str, span: Span
    ) -> tuple[str | None, str, Span, bool]:
        quoted = f', write "{text}"' if text else ""
        self.add(
            "non-string-key",
            span,
            f"key '{text}' is {_NAMES.get(type(value), 'not a string')}, not a string{quoted}",
            text,
        )
        return None, text, span, False

    def alias(self, event: Event) -> Node:
        name = event.anchor or ""
        shown = self.tokens.get(name, name)
        if name not in self.anchors:
            self.stop("yaml-alias", self.span(event), f"alias '*{shown}' has no anchor '&{shown}'")
        node = self.anchors[name]
        if node is None:
            self.stop("yaml-alias", self.span(event), f"alias '*{shown}' is inside its own anchor")
        size = self.sizes[name]
        self.aliased += size
        self.built += size
        return node

    def merge(self, into: Mapping, source: Node) -> None:
        """Add the entries of a merge key's value, without replacing any: the first one wins."""
        sources = source.items if isinstance(source, Sequence) else [source]
        for node in sources:
            if not isinstance(node, Mapping):
                self.add(
                    "merge-key", node.span, "`<<` must be a mapping or a list of mappings", "<<"
                )
                continue
            self.merged += len(node.entries)
            if self.merged > MERGE_LIMIT:
                self.stop("yaml-limit", into.span, _TOO_MANY_ALIASES)
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
        for token, name in self.tokens.items():
            text = text.replace(token, name)
        made = without_stand_ins(text, style or "")
        if made is None:
            self.add("yaml-syntax", span, r"unknown escape '\/' in double quotes, write '/'")
            return text
        return made

    def extent(self, start: Event, end: Event, last: Node | None) -> Span:
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

    def span(self, event: Event) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def check_aliases(self, root: Node) -> None:
        """Refuse a document that is mostly aliases, by go.yaml.in/yaml's ratio (options.go)."""
        if self.aliased <= 100 or self.built <= 1000:
            return
        over = min(max(self.built - 400_000, 0) / 3_600_000, 1)
        if self.aliased / self.built > 0.99 - 0.89 * over:
            self.stop("yaml-limit", root.span, _TOO_MANY_ALIASES)

    def add(self, kind: str, span: Span, message: str, subject: str = "") -> None:
        self.problems.append(Problem(kind, message, Location(span), True, subject))

    def stop(self, kind: str, span: Span, message: str) -> NoReturn:
        self.add(kind, span, message)
        raise _Stop


_TOO_MANY_ALIASES = "aliases expand to far more than the file contains"
_ANCHOR_CONTEXTS = {"while scanning an anchor", "while scanning an alias"}
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
