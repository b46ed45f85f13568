"""The tree that YAML becomes: every value with the place that wrote it, kept through every phase.

A phase never changes a node it was given: it makes a new one and hands the place on.
"""

from __future__ import annotations

from bootready.model.position import Span
from bootready.typed import NamedTuple

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""What JSON can hold: a model without its places."""


class Reference(NamedTuple):
    """One use of a variable in a Compose file, ``${NAME:-default}``.

    `operator` is one of ``""``, ``":-"``, ``"-"``, ``":?"``, ``"?"``, ``":+"``, ``"+"``;
    `argument` is the
    text after it, not yet interpolated. `is_set` tells whether the variable has a value (an
    empty one counts).
    """

    name: str
    span: Span
    operator: str = ""
    argument: str = ""
    is_set: bool = False
    is_used: bool = True
    """Whether its value was asked for: what stands in the default of a set variable is not."""


class Scalar:
    """A single value. `template` is its text before interpolation, if it has variables.

    `tag` (on every node) is ``!reset`` or ``!override`` where the author wrote that, else ``''``.
    """

    __slots__ = ("overrides", "references", "span", "tag", "template", "value")

    def __init__(  # noqa: PLR0917 - made a hundred thousand times: keywords cost
        self,
        value: str | int | float | bool | None,  # noqa: PYI041 - YAML tells them apart
        span: Span,
        template: str | None = None,
        references: tuple[Reference, ...] = (),
        overrides: Node | None = None,
        tag: str = "",
    ) -> None:
        self.value = value
        self.span = span
        self.template = template
        self.references = references
        self.overrides = overrides
        self.tag = tag


class Sequence:
    """A list of values."""

    __slots__ = ("items", "overrides", "span", "tag")

    def __init__(
        self, items: list[Node], span: Span, overrides: Node | None = None, tag: str = ""
    ) -> None:
        self.items = items
        self.span = span
        self.overrides = overrides
        self.tag = tag


class Mapping:
    """Keys and values in the order they were written; `keys` holds the place of each key.

    `overrides` (on every node) is the node of a lower-priority file that this one replaced, if any.
    """

    __slots__ = ("entries", "keys", "overrides", "span", "tag")

    def __init__(
        self,
        entries: dict[str, Node],
        keys: dict[str, Span],
        span: Span,
        overrides: Node | None = None,
        tag: str = "",
    ) -> None:
        self.entries = entries
        self.keys = keys
        self.span = span
        self.overrides = overrides
        self.tag = tag

    def with_entries(
        self, entries: dict[str, Node], keys: dict[str, Span] | None = None
    ) -> Mapping:
        """Return this mapping with other `entries`, and other `keys` if given.

        The place, what it overrides and the tag are kept: a phase that rebuilds a mapping from its
        parts can forget one of them.
        """
        return Mapping(
            entries, self.keys if keys is None else keys, self.span, self.overrides, self.tag
        )


Node = Scalar | Sequence | Mapping


def plain(node: Node) -> Plain:
    """Return the value of `node` without places, as JSON would hold it."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value
