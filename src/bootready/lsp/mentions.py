"""A Compose file as it is written -> every place in it that names a service or a resource.

What is in an anchor has the place of the anchor, so that it is found where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Span
from bootready.typed import NamedTuple

KINDS = {
    "services": "service",
    "secrets": "secret",
    "configs": "config",
    "networks": "network",
    "volumes": "volume",
}
"""Top-level elements, and what one entry of each is called."""


class How(Enum):
    """How a name stands at its place."""

    DEFINED = "as the key of its definition"
    WHOLE = "as the whole value, or as a key"
    FIRST = "before a colon"
    AFTER_SERVICE = "after `service:`"
    SHORT_GRANT = "as a secret or config in short syntax, which names its file as well"
    LONG_GRANT = "as the source of a secret or config without a target, so that it names its file"
    BUILD = "as a secret of a build, by which a Dockerfile knows it"


class Mention(NamedTuple):
    """A name at a place; `span` is that of the whole value or key."""

    kind: str
    name: str
    span: Span
    how: How


def mentions(root: Node, is_ours: Callable[[str], bool]) -> Iterator[Mention]:
    """Yield every mention in a document; `is_ours` tells which files, as `extends` names them, have
    services of the same names as this one.
    """
    if not isinstance(root, Mapping):
        return
    for element, kind in KINDS.items():
        for name, span in _keys(root.entries.get(element)):
            yield Mention(kind, name, span, How.DEFINED)
    for _, service in _entries(root.entries.get("services")):
        if isinstance(service, Mapping):
            yield from _in_service(service, is_ours)


def explicit_names(root: Node, element: str) -> Iterator[str]:
    """Yield the keys of networks or volumes that have a `name` of their own."""
    entries = root.entries.get(element) if isinstance(root, Mapping) else None
    for key, node in _entries(entries):
        if isinstance(node, Mapping) and "name" in node.entries:
            yield key


def _in_service(service: Mapping, is_ours: Callable[[str], bool]) -> Iterator[Mention]:
    entries = service.entries
    yield from _named(entries.get("depends_on"), "service", How.WHOLE)
    yield from _named(entries.get("networks"), "network", How.WHOLE)
    for key in ("links", "volumes_from"):
        yield from _named(entries.get(key), "service", How.FIRST)
    for key in ("network_mode", "ipc", "pid"):
        yield from _after_service(entries.get(key))
    yield from _extends(entries.get("extends"), is_ours)
    yield from _volumes(entries.get("volumes"))
    for key in ("secrets", "configs"):
        yield from _grants(entries.get(key), KINDS[key])
    build = entries.get("build")
    if isinstance(build, Mapping):
        for _, node in _entries(build.entries.get("additional_contexts")):
            yield from _after_service(node)
        for one in _grants(build.entries.get("secrets"), "secret"):
            yield one._replace(how=How.BUILD)


def _named(node: Node | None, kind: str, how: How) -> Iterator[Mention]:
    """Yield the names in a list, or the keys of a mapping."""
    for name, span in _keys(node):
        yield Mention(kind, name, span, How.WHOLE)
    for text, span in _texts(node):
        yield Mention(kind, text.partition(":")[0] if how is How.FIRST else text, span, how)


def _after_service(node: Node | None) -> Iterator[Mention]:
    for text, span in _texts(node):
        _, mark, name = text.rpartition("service:")
        if mark:
            yield Mention("service", name, span, How.AFTER_SERVICE)


def _extends(node: Node | None, is_ours: Callable[[str], bool]) -> Iterator[Mention]:
    if isinstance(node, Mapping):
        file = node.entries.get("file")
        if isinstance(file, Scalar) and not is_ours(str(file.value)):
            return
        node = node.entries.get("service")
    for name, span in _texts(node):
        yield Mention("service", name, span, How.WHOLE)


def _volumes(node: Node | None) -> Iterator[Mention]:
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping):
            kind = item.entries.get("type")
            if kind is None or (isinstance(kind, Scalar) and kind.value == "volume"):
                yield from _named(item.entries.get("source"), "volume", How.WHOLE)
        else:
            yield from _named(item, "volume", How.FIRST)


def _grants(node: Node | None, kind: str) -> Iterator[Mention]:
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping):
            how = How.WHOLE if "target" in item.entries else How.LONG_GRANT
            yield from _named(item.entries.get("source"), kind, how)
        else:
            yield from _named(item, kind, How.SHORT_GRANT)


def _texts(node: Node | None) -> Iterable[tuple[str, Span]]:
    """Yield a text, or those of a list, with their places."""
    if isinstance(node, Sequence):
        return [found for item in node.items for found in _texts(item)]
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return [(node.value, node.span)]
    return ()


def _keys(node: Node | None) -> Iterable[tuple[str, Span]]:
    return node.keys.items() if isinstance(node, Mapping) else ()


def _entries(node: Node | None) -> Iterable[tuple[str, Node]]:
    """Yield the values of a mapping with their keys, or those of a list with ''."""
    if isinstance(node, Sequence):
        return [("", item) for item in node.items]
    return node.entries.items() if isinstance(node, Mapping) else ()
