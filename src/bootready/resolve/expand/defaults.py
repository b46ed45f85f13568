"""A canonical service -> the same with the values that Compose sets where none was written.

Source: compose-go transform/defaults.go; done once for each set of files, before paths are joined.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.resolve.expand.canonical import with_defaults
from bootready.resolve.typed.values import value_text
from bootready.typed import Callable


def with_service_defaults(service: Mapping) -> Mapping:
    """Return the service with the defaults of its attributes."""
    changed: dict[str, Node] = {}
    for name, fill in _DEFAULTS.items():
        node = service.entries.get(name)
        if node is not None:
            made = fill(node)
            if made is not node:
                changed[name] = made
    if not changed:
        return service
    return service.with_entries({**service.entries, **changed})


def _build(node: Node) -> Node:
    return with_defaults(node, context=".") if isinstance(node, Mapping) else node


def _secrets(node: Node) -> Node:
    return _each(node, _secret)


def _secret(node: Mapping) -> Node:
    source = node.entries.get("source")
    name = value_text(source.value) if isinstance(source, Scalar) else "<nil>"
    return with_defaults(node, target=f"/run/secrets/{name}")


def _ports(node: Node) -> Node:
    return _each(node, lambda port: with_defaults(port, protocol="tcp", mode="ingress"))


def _devices(node: Node) -> Node:
    return _each(node, _device)


def _device(node: Mapping) -> Node:
    if "count" in node.entries or "device_ids" in node.entries:
        return node
    return with_defaults(node, count="all")


def _deploy(node: Node) -> Node:
    return _within(node, ("resources", "reservations", "devices"))


def _within(node: Node, path: tuple[str, ...]) -> Node:
    if not path:
        return _devices(node)
    if not isinstance(node, Mapping) or path[0] not in node.entries:
        return node
    below = node.entries[path[0]]
    made = _within(below, path[1:])
    if made is below:
        return node
    return node.with_entries({**node.entries, path[0]: made})


def _volumes(node: Node) -> Node:
    return _each(node, _volume)


def _volume(node: Mapping) -> Node:
    bind = node.entries.get("bind")
    if not isinstance(bind, Mapping):
        return node
    made = with_defaults(bind, create_host_path=True)
    if made is bind:
        return node
    return node.with_entries({**node.entries, "bind": made})


def _each(node: Node, fill: Callable[[Mapping], Node]) -> Node:
    if not isinstance(node, Sequence):
        return node
    items = [fill(item) if isinstance(item, Mapping) else item for item in node.items]
    if all(made is item for made, item in zip(items, node.items, strict=True)):
        return node
    return Sequence(items, node.span, node.overrides)


_DEFAULTS: dict[str, Callable[[Node], Node]] = {
    "build": _build,
    "secrets": _secrets,
    "ports": _ports,
    "deploy": _deploy,
    "gpus": _devices,
    "volumes": _volumes,
}
