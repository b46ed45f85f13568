"""A node and keys -> the node at that place, its text and its location, without a `match` each."""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Location, Span
from bootready.model.project import Service
from bootready.typed import Iterator


def at(node: Node | None, *keys: str | int) -> Node | None:
    """Return the node at `keys` below `node`, or None where nothing stands there."""
    for key in keys:
        if isinstance(node, Mapping) and isinstance(key, str):
            node = node.entries.get(key)
        elif isinstance(node, Sequence) and isinstance(key, int) and -1 < key < len(node.items):
            node = node.items[key]
        else:
            return None
    return node


def value_at(node: Node | None, *keys: str | int) -> str | int | float | bool | None:
    """Return the scalar at `keys` below `node`, or None."""
    found = at(node, *keys)
    return found.value if isinstance(found, Scalar) else None


def text_at(node: Node | None, *keys: str | int) -> str:
    """Return the scalar at `keys` as text, '' where there is none."""
    value = value_at(node, *keys)
    return "" if value is None or isinstance(value, bool) else str(value)


def items_at(node: Node | None, *keys: str | int) -> Iterator[tuple[int, Node]]:
    """Yield the items of the list at `keys` with their index."""
    found = at(node, *keys)
    if isinstance(found, Sequence):
        yield from enumerate(found.items)


def entries_at(node: Node | None, *keys: str | int) -> Iterator[tuple[str, Node]]:
    """Yield the entries of the mapping at `keys`."""
    found = at(node, *keys)
    if isinstance(found, Mapping):
        yield from found.entries.items()


def place_in(service: Service, *keys: str | int, label: str = "") -> Location:
    """Return the place of ``services.<name>.<keys>``: of the value, or of the key of a block.

    Falls back to the nearest place above that is known.
    """
    path = (*service.location.path, *keys)
    return Location(span_of(service.node, *keys) or service.location.span, path, label)


def span_of(node: Node | None, *keys: str | int) -> Span | None:
    """Return the span of the value at `keys`, of its key when the value takes several lines."""
    parent = at(node, *keys[:-1])
    found = at(node, *keys)
    while found is None and keys:
        keys = keys[:-1]
        parent, found = at(node, *keys[:-1]), at(node, *keys)
    if found is None:
        return None
    several = found.span.end_line != found.span.line or isinstance(found, Mapping)
    if several and keys and isinstance(parent, Mapping):
        return parent.keys.get(str(keys[-1]), found.span)
    return found.span


def shown(path: str, directory: str) -> str:
    """Return `path` as a person of the project would write it: ``./x`` below `directory`."""
    if path.rstrip("/") == directory:
        return "."
    return f"./{path[len(directory) + 1 :]}" if path.startswith(f"{directory}/") else path


def number_of(value: object) -> int:
    """Return a number of bytes as the model holds it (``268435456``), 0 for anything else."""
    text = str(value)
    return int(text) if text.isdigit() else 0


def place_below(node: Node, location: Location, *keys: str | int) -> Location:
    """Return the place at `keys` below a resource that is written at `location`."""
    return Location(span_of(node, *keys) or location.span, (*location.path, *keys))
