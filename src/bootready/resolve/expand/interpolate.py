"""Nodes with variables in their texts -> Nodes with values, that know each variable they were made
of.

Interpolation also gives texts at certain paths their type (`resolve.casts`), as compose-go does
(interpolation/interpolation.go). All faults are gathered; Compose names the first it meets.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Reference, Scalar, Sequence
from bootready.model.position import Location, Span, YamlPath
from bootready.model.problem import Problem, Use
from bootready.model.subject import attribute_of, subject_of
from bootready.read.template import Fault, Filled, Lookup, fill
from bootready.resolve.expand.casts import CASTS, WORDS, CastError
from bootready.typed import Iterator, NamedTuple
from bootready.typed import Mapping as ReadMapping


class Interpolated(NamedTuple):
    """What became of a tree. Where there are problems, the value at their place is as written."""

    node: Node
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    uses: tuple[Use, ...]


def interpolate(
    node: Node,
    lookup: Lookup,
    texts: ReadMapping[str, str] | None = None,
    path: YamlPath = (),
) -> Interpolated:
    """Return `node` with every variable replaced; keys are left alone.

    `texts` holds the text of files by path, to point at each variable exactly; `path` is where
    `node` stands in the model. Unset variables are no problem: they are in `uses`, with `is_set`
    False.
    """
    run = _Run(lookup, texts or {}, path)
    casts: object = CASTS
    for step in path:
        casts = _below(casts, step)
    made = run.walk(node, casts)
    return Interpolated(made, tuple(run.problems), tuple(run.warnings), tuple(run.uses))


class _Run:
    """One walk over a tree."""

    def __init__(self, lookup: Lookup, texts: ReadMapping[str, str], path: YamlPath) -> None:
        self.lookup = lookup
        self.texts = texts
        self.steps: list[str | int] = list(path)
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.uses: list[Use] = []

    def walk(self, node: Node, casts: object) -> Node:
        """Return the node with values; the same one where nothing had to change."""
        if isinstance(node, Scalar):
            value = node.value
            if type(value) is str and (casts is not None or "$" in value):
                return self.scalar(node, value, casts)
            return node
        if isinstance(node, Mapping):
            return self.mapping(node, casts)
        return self.sequence(node, casts)

    def mapping(self, node: Mapping, casts: object) -> Mapping:
        changed: dict[str, Node] | None = None
        steps = self.steps
        known = casts if isinstance(casts, dict) else _NO_CASTS
        anything = known.get("*")
        for key, value in node.entries.items():
            below = known.get(key)
            if below is None and key:
                below = anything
            if value.__class__ is Scalar:
                text = value.value
                if below is None and (text.__class__ is not str or "$" not in text):
                    continue
                steps.append(key)
                made: Node = self.walk(value, below)
            else:
                steps.append(key)
                if value.__class__ is Mapping:
                    made = self.mapping(value, below)
                else:
                    made = self.walk(value, below)
            steps.pop()
            if made is not value:
                if changed is None:
                    changed = dict(node.entries)
                changed[key] = made
        if changed is None:
            return node
        return node.with_entries(changed)

    def sequence(self, node: Sequence, casts: object) -> Sequence:
        changed: list[Node] | None = None
        below = None if casts is None else _below(casts, 0)
        is_typed = callable(below) or (isinstance(below, dict) and "" in below)
        for index, value in enumerate(node.items):
            if not is_typed and value.__class__ is Scalar:
                text = value.value
                if text.__class__ is not str or "$" not in text:
                    continue
            self.steps.append(index)
            made = self.walk(value, below)
            self.steps.pop()
            if made is not value:
                if changed is None:
                    changed = list(node.items)
                changed[index] = made
        if changed is None:
            return node
        return Sequence(changed, node.span, node.overrides, node.tag)

    def scalar(self, node: Scalar, text: str, casts: object) -> Scalar:
        cast = casts.get("") if isinstance(casts, dict) else casts
        if "$" not in text:
            if not callable(cast):
                return node
            return self.typed(node, text, cast, None, ())
        filled = fill(text, self.lookup)
        places = _Places(node.span, text, self.texts)
        references = self.references(places, filled)
        path = tuple(self.steps)
        self.uses.extend(Use(reference, path) for reference in references)
        if filled.faults:
            for fault in filled.faults:
                self.refuse(places, fault)
            return Scalar(text, node.span, text, references, node.overrides, node.tag)
        if callable(cast):
            return self.typed(node, filled.text, cast, text, references)
        return Scalar(filled.text, node.span, text, references, node.overrides, node.tag)

    def typed(
        self,
        node: Scalar,
        text: str,
        cast: object,
        template: str | None,
        references: tuple[Reference, ...],
    ) -> Scalar:
        """Return the scalar with its text turned into the type of its place."""
        value: str | int | float | bool | None = text
        try:
            value = cast(text) if callable(cast) else text
        except CastError as error:
            # A value that a variable gave is not shown: it may be a secret in the wrong place.
            from bootready.knowledge.secrets.names import path_of_a_secret

            written = "****" if path_of_a_secret(self.steps) else template or text
            shown = f"'{written}'" if template is None else f"from '{written}'"
            empty = " and empty" if template is not None and not text else ""
            self.add("value-type", node.span, f"is {shown}{empty}, must be {error}")
        else:
            if type(value) is bool and text.lower() in WORDS:
                better = "true" if value else "false"
                shown = text if template is None else template
                message = f"is '{shown}', which is a string in YAML 1.2; write `{better}`"
                self.add("boolean-word", node.span, message, warning=True)
        return Scalar(value, node.span, template, references, node.overrides, node.tag)

    def references(self, places: _Places, filled: Filled) -> tuple[Reference, ...]:
        return tuple(
            Reference(
                use.name,
                places.span(use.start, use.end),
                use.operator,
                use.argument,
                use.is_set,
                use.is_used,
            )
            for use in filled.uses
        )

    def refuse(self, places: _Places, fault: Fault) -> None:
        from bootready.knowledge.secrets.forms import masked
        from bootready.knowledge.secrets.names import path_of_a_secret

        path = tuple(self.steps)
        span = places.span(fault.start, fault.end)
        is_secret = path_of_a_secret(path) or masked(places.text) != places.text
        said = fault.unquoted if is_secret and fault.unquoted else fault.message
        message = f"{_said(path)}: {said}"
        self.problems.append(
            Problem(fault.kind, message, Location(span, path), subject=fault.subject)
        )

    def add(self, kind: str, span: Span, message: str, *, warning: bool = False) -> None:
        path = tuple(self.steps)
        problem = Problem(kind, f"{_said(path)} {message}", Location(span, path))
        (self.warnings if warning else self.problems).append(problem)


class _Places:
    """Finds stretches of a scalar's text in its file."""

    def __init__(self, span: Span, text: str, texts: ReadMapping[str, str]) -> None:
        self.whole = span
        self.text = text
        width = span.end_column - span.column
        self.shift: int | None = None
        if span.line == span.end_line and width - len(text) in {0, 2}:
            # On one line, plain or in quotes without an escape: columns can be counted.
            self.shift = span.column + (width - len(text)) // 2
        self.lines: tuple[str, ...] = ()
        self.dollars: dict[int, tuple[int, int]] | None = None
        source = texts.get(span.file) if self.shift is None else None
        if source is not None:
            from bootready.model.lines import between_feeds

            self.lines = between_feeds(source)[span.line - 1 : span.end_line]

    def span(self, start: int, end: int) -> Span:
        """Return the place of the characters from `start` to `end`; the whole where unclear."""
        whole = self.whole
        if self.shift is not None:
            return Span(whole.file, whole.line, self.shift + start, whole.line, self.shift + end)
        if self.dollars is None:
            self.dollars = self.matched()
        wanted = self.text[start:end]
        offset, column = self.dollars.get(start) or self.counted(wanted, start)
        if column < 0 or not self.lines[offset].startswith(wanted, column):
            return whole
        number, first = whole.line + offset, column + 1
        return Span(whole.file, number, first, number, first + len(wanted))

    def matched(self) -> dict[int, tuple[int, int]]:
        """Return where each `$` of the text is written: line and column, from 0.

        Nothing where the file has more of them: in a comment after the mark of a block.
        """
        written = [
            (offset, column)
            for offset, line in enumerate(self.lines)
            for column in _every_dollar(line, 0 if offset else self.whole.column - 1)
        ]
        places = list(_every_dollar(self.text, 0))
        return dict(zip(places, written, strict=True)) if len(places) == len(written) else {}

    def counted(self, wanted: str, start: int) -> tuple[int, int]:
        """Return where `wanted` is written as often as in the text up to `start`; -1 for nowhere.

        Looks through all of a text, and so at a short one only.
        """
        nth = self.text.count(wanted, 0, start)
        for offset, line in enumerate(self.lines if len(self.text) < _SHORT else ()):
            column = 0 if offset else self.whole.column - 1
            while (column := line.find(wanted, column)) >= 0:
                if nth == 0:
                    return offset, column
                nth -= 1
                column += len(wanted)
        return 0, -1


_SHORT = 10_000
"""Characters of a text whose variables are looked for one by one."""


def _every_dollar(text: str, start: int) -> Iterator[int]:
    while (start := text.find("$", start)) >= 0:
        yield start
        start += 1


_NO_CASTS: dict[str, object] = {}


def _below(casts: object, step: str | int) -> object:
    if not isinstance(casts, dict):
        return None
    found = casts.get("[]") if isinstance(step, int) else casts.get(step)
    return casts.get("*") if found is None and step != "" else found


def _said(path: YamlPath) -> str:
    attribute = attribute_of(path)
    return f"{subject_of(path)}: `{attribute}`" if attribute else subject_of(path)
