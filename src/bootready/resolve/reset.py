"""A document as read -> the document without ``!reset`` and ``!override``, and where they stood;
then a lower-priority model -> the same without what a later document resets.

Source: compose-go loader/reset.go.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Sequence
from bootready.remembered import remembered
from bootready.resolve.merge import replacing


class Resets:
    """The places that a document resets, as a tree of their paths; a leaf is an empty tree."""

    __slots__ = ("tree",)

    def __init__(self, tree: dict[str, object]) -> None:
        self.tree = tree

    def __bool__(self) -> bool:
        return bool(self.tree)

    def apply(self, model: Mapping, *path: str) -> Mapping:
        """Return `model`, which stands at `path`, without the places that are reset."""
        tree = self.tree
        for step in path:
            below = tree.get(step)
            if not isinstance(below, dict) or not below:
                return model
            tree = below
        return _without(model, tree) if tree else model

    def over(self, lower: Mapping, model: Mapping) -> Mapping:
        """Return `model`, whose ``!override`` values reach what they replace in `lower`."""
        return _over(lower, model, self.tree)

    def covers(self, *path: str) -> bool:
        """Tell whether the value at `path` is itself reset."""
        tree: object = self.tree
        for step in path:
            if not isinstance(tree, dict) or step not in tree:
                return False
            tree = tree[step]
        return tree == {}


def _without(model: Mapping, tree: dict[str, object]) -> Mapping:
    entries = dict(model.entries)
    for name, below in tree.items():
        node = entries.get(name)
        if node is None:
            continue
        if not below:
            del entries[name]
        elif isinstance(node, Mapping) and isinstance(below, dict):
            entries[name] = _without(node, below)
    return model.with_entries(entries)


def _over(lower: Mapping, model: Mapping, tree: dict[str, object]) -> Mapping:
    entries = dict(model.entries)
    for name, below in tree.items():
        base, node = lower.entries.get(name), entries.get(name)
        if base is None or node is None:
            continue
        if not below:
            entries[name] = replacing(base, node)
        elif isinstance(base, Mapping) and isinstance(node, Mapping) and isinstance(below, dict):
            entries[name] = _over(base, node, below)
    return model.with_entries(entries)


def take_resets(document: Node, text: str) -> tuple[Node, Resets]:
    """Return the document without tags, and what it resets; `text`, the file, is a quick test."""
    if not _may_reset(text):
        return document, Resets({})
    tree: dict[str, object] = {}
    made = _taken(document, tree)
    return (made if made is not None else Mapping({}, {}, document.span)), Resets(tree)


@remembered(16)
def _may_reset(text: str) -> bool:
    """Tell whether a file may have such a tag; asked for each of its documents."""
    return "!reset" in text or "!override" in text


def _taken(node: Node, tree: dict[str, object]) -> Node | None:
    """Return the node without tags, or None where it is reset; fill `tree` with the places."""
    if node.tag == "!reset":
        return None
    if node.tag == "!override":
        return node
    if isinstance(node, Mapping):
        entries: dict[str, Node] = {}
        for name, value in node.entries.items():
            below: dict[str, object] = {}
            made = _taken(value, below)
            if below or value.tag:
                tree[name] = below
            if made is not None:
                entries[name] = made
        return node.with_entries(entries)
    if isinstance(node, Sequence):
        # A place in a list is recorded by Compose too, but never matches anything there.
        items = [made for item in node.items if (made := _taken(item, {})) is not None]
        return Sequence(items, node.span, node.overrides)
    return node
