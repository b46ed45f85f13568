"""A node of a swarm and a label -> given to it or taken away, nothing else of it changed."""

from __future__ import annotations

from collections.abc import Mapping

from bootready.engine.api import Api, at, integer, items, mapping, text
from bootready.engine.cluster import manager_of
from bootready.engine.http import quoted
from bootready.errors import EngineError
from bootready.model.node import Plain


def labelled(api: Api, name: str, label: str, value: str) -> bool:
    """Give the node `name` a label that it does not have; tell whether that changed it.

    Raises EngineError for a node that does not exist, or one that has another value: somebody
    else goes by that.
    """
    node = _node(api, name)
    labels = mapping(node, "Spec", "Labels")
    if label in labels:
        if labels[label] == value:
            return False
        raise EngineError(f"node '{name}' has the label {label}={labels[label]} already")
    _update(api, node, {**labels, label: value})
    return True


def unlabelled(words: str, environ: Mapping[str, str]) -> bool:
    """Take away a label that still has its value, such as ``node1 disk=ssd``; tell whether it is
    gone.
    """
    name, _, pair = words.partition(" ")
    label, _, value = pair.partition("=")
    try:
        api = manager_of(environ)
        node = _node(api, name)
        labels = mapping(node, "Spec", "Labels")
        if labels.get(label, value) != value:
            return False
        if label in labels:
            _update(api, node, {key: one for key, one in labels.items() if key != label})
    except EngineError:
        return False
    return True


def _node(api: Api, name: str) -> Plain:
    found = [
        one
        for one in items(api.get("/nodes"))
        if name in {text(one, "ID"), text(one, "Description", "Hostname")}
    ]
    if len(found) != 1:
        what = "no node" if not found else f"{len(found)} nodes"
        raise EngineError(f"{what} of the swarm is called '{name}'")
    return found[0]


def _update(api: Api, node: Plain, labels: dict[str, Plain]) -> None:
    spec = {**mapping(node, "Spec"), "Labels": labels}
    version = integer(node, "Version", "Index")
    path = f"/nodes/{quoted(text(node, 'ID'))}/update?version={version}"
    if at(node, "ID") is not None:
        api.post(path, spec)
