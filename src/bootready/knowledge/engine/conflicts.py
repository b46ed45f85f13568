"""A service -> the attributes in it that the engine refuses together.

Found by asking engine 20.10 to create containers with every pair of a mode and another attribute,
with Compose v5.6.1, and the refused ones with v2.40.3.
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.lookup import at, text_at
from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.typed import NamedTuple


class Conflict(NamedTuple):
    """Two attributes that the engine refuses together.

    `values` are what the first one is, up to a colon; `instead` may name the other container.
    """

    attribute: str
    values: frozenset[str]
    other: str
    words: str
    instead: str


_BOTH = "conflicting options: "
_CONTAINER = frozenset({"service", "container"})
_HOST = frozenset({"host"})

CONFLICTS = (
    Conflict(
        "network_mode",
        _CONTAINER,
        "ports",
        _BOTH + "port publishing and the container type network mode",
        "publish the port at {other}",
    ),
    Conflict(
        "network_mode",
        _CONTAINER,
        "expose",
        _BOTH + "port exposing and the container type network mode",
        "write it at {other}",
    ),
    Conflict(
        "network_mode",
        _CONTAINER,
        "hostname",
        _BOTH + "hostname and the network mode",
        "remove it: the name is that of {other}",
    ),
    Conflict(
        "network_mode", _CONTAINER, "dns", _BOTH + "dns and the network mode", "write it at {other}"
    ),
    Conflict(
        "network_mode",
        _CONTAINER,
        "extra_hosts",
        _BOTH + "custom host-to-IP mapping and the network mode",
        "write it at {other}",
    ),
    Conflict(
        "network_mode",
        _CONTAINER,
        "links",
        _BOTH + "container type network can't be used with links",
        "remove it: {other} resolves the names",
    ),
    Conflict(
        "network_mode",
        _CONTAINER,
        "external_links",
        _BOTH + "container type network can't be used with links",
        "remove it: {other} resolves the names",
    ),
    Conflict(
        "network_mode",
        _HOST,
        "links",
        _BOTH + "host type networking can't be used with links",
        "remove it: nothing is resolved by the engine in the host's network",
    ),
    Conflict(
        "network_mode",
        _HOST,
        "external_links",
        _BOTH + "host type networking can't be used with links",
        "remove it: nothing is resolved by the engine in the host's network",
    ),
    Conflict(
        "uts",
        _HOST,
        "hostname",
        _BOTH + "hostname and the UTS mode",
        "remove one of them: `uts: host` has the name of the host",
    ),
    Conflict(
        "uts",
        _HOST,
        "domainname",
        'sysctl "kernel.domainname" is not allowed',
        "remove one of them: `uts: host` has the domain of the host",
    ),
)


def conflicts_in(node: Mapping) -> Iterator[tuple[Conflict, str]]:
    """Yield the conflicts of a service, each with the value of its first attribute."""
    for conflict in CONFLICTS:
        value = text_at(node, conflict.attribute)
        if value.partition(":")[0] in conflict.values and _says(at(node, conflict.other)):
            yield conflict, value


def _says(node: Node | None) -> bool:
    """Tell whether an attribute has a value: an empty list is as good as none."""
    if isinstance(node, Scalar):
        return node.value not in {None, ""}
    if isinstance(node, Sequence):
        return bool(node.items)
    return node is not None and bool(node.entries)
