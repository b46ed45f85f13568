"""A service -> the same with `develop` under its present names, before its schema is looked at.

Docker Compose v5.6.1 still takes the names that `develop` had as an extension: ``x-develop``, over
which `develop` is merged, and ``x-initialSync`` in an entry of `watch`, which counts where
`initial_sync` is not written.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Sequence
from bootready.resolve.merge import Merger


def with_present_names(service: Mapping, merger: Merger) -> Mapping:
    """Return the service with the names of old taken as what they are called now."""
    former, own = service.entries.get("x-develop"), service.entries.get("develop")
    develop = own
    if former is not None:
        path = ("services", "", "develop")
        develop = former if own is None else merger.merge(former, own, path)
    if develop is None:
        return service
    develop = _with_initial_sync(develop)
    if develop is own:
        return service
    entries = {name: node for name, node in service.entries.items() if name != "x-develop"}
    keys = {"develop": service.keys.get("x-develop", service.span), **service.keys}
    return service.with_entries({**entries, "develop": develop}, keys)


def _with_initial_sync(develop: Node) -> Node:
    watch = develop.entries.get("watch") if isinstance(develop, Mapping) else None
    if not isinstance(develop, Mapping) or not isinstance(watch, Sequence):
        return develop
    items = [_renamed(item) for item in watch.items]
    if all(made is item for made, item in zip(items, watch.items, strict=True)):
        return develop
    made = Sequence(items, watch.span, watch.overrides)
    entries = {**develop.entries, "watch": made}
    return develop.with_entries(entries)


def _renamed(item: Node) -> Node:
    if not isinstance(item, Mapping) or "x-initialSync" not in item.entries:
        return item
    entries = {name: node for name, node in item.entries.items() if name != "x-initialSync"}
    entries.setdefault("initial_sync", item.entries["x-initialSync"])
    keys = {"initial_sync": item.keys["x-initialSync"], **item.keys}
    return item.with_entries(entries, keys)
