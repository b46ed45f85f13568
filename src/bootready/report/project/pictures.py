"""Stack -> its pictures: every service, and, if there are many, that of closed groups before it.

The page shows one of them at a time, and opens groups by `groups.js`; a file of its own holds the
first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bootready.model.finding import Severity
from bootready.report.project.clusters import Cluster
from bootready.report.project.drawing import (
    MARGIN,
    TOP,
    Node,
    box,
    edge,
    headings,
    names_of,
    opened,
)
from bootready.report.project.layout import Drawing, lay_out
from bootready.report.project.view import Edge, ServiceCard, Stack
from bootready.typed import NamedTuple

MARKS = {Severity.ERROR: "✕", Severity.WARNING: "!", Severity.NOTE: "i", None: "✓"}
_GROUP = "\x01"
"""What the key of a group begins with, which no name of a service can hold."""
NAMED = 6
"""Of more services or dependencies the words for who points at a box or a line name the first."""
ALL = "all"
KINDS = {
    "healthy": "after it is healthy",
    "started": "after it has started",
    "completed": "after it has exited with 0",
}
"""What an edge means, by its kind."""


class Picture(NamedTuple):
    """One picture: ``groups``, all of them closed, or ``all`` services."""

    key: str
    svg: str
    width: float
    height: float


def pictures(stack: Stack, clusters: Sequence[Cluster]) -> tuple[Picture, ...]:
    """Return the first picture, then that with every service.

    A project without groups has one picture.
    """
    first = first_picture(stack, clusters)
    if not clusters:
        return (first,)
    return (first, _picture(stack, (), ALL))


def first_picture(stack: Stack, clusters: Sequence[Cluster], *, linked: bool = True) -> Picture:
    """Return the picture with all groups closed; its boxes lead nowhere unless they are `linked`.

    A project without groups has every service in it.
    """
    return _picture(stack, clusters, "groups" if clusters else ALL, linked=linked)


def kind_of(edge: Edge) -> str:
    """Return the kind of an edge, one of KINDS or a word that Compose does not know."""
    return edge.condition.removeprefix("service_").partition("_")[0] or "started"


def _picture(
    stack: Stack, clusters: Sequence[Cluster], key: str, *, linked: bool = True
) -> Picture:
    names = names_of([card.name for card in stack.cards])
    closed = {name: f"{_GROUP}{cluster.name}" for cluster in clusters for name in cluster.members}
    nodes = _nodes(stack, clusters, closed)
    bundles = _bundles(stack.edges, closed)
    drawing = lay_out([node.key for node in nodes], bundles)
    lines = []
    for route in sorted(drawing.routes, key=lambda one: (one.needs, one.service)):
        bundle = bundles[route.service, route.needs]
        lines.append(edge(route, *_said(bundle), count=len(bundle)))
    label = f"services of {stack.project} in the order in which they start"
    size = (drawing.width + 2 * MARGIN, drawing.height + TOP + MARGIN)
    parts = [
        *opened(*size, label, TOP),
        *headings(drawing),
        *lines,
        *(
            box(node, drawing.boxes[node.key], names, linked=linked)
            for node in _read(nodes, drawing)
        ),
        "</g></svg>",
    ]
    return Picture(key, "\n".join(parts), *size)


def _read(nodes: Iterable[Node], drawing: Drawing) -> list[Node]:
    """Return the boxes as a person reads them: column by column, so that Tab goes that way."""
    return sorted(nodes, key=lambda node: drawing.boxes[node.key])


def _nodes(stack: Stack, clusters: Sequence[Cluster], closed: Mapping[str, str]) -> list[Node]:
    cards = {card.name: card for card in stack.cards}
    nodes = [
        service_node(card, n, _published(card))
        for n, card in enumerate(stack.cards, 1)
        if card.name not in closed
    ]
    shut = set(closed.values())
    return [
        *nodes,
        *(
            _group_node(cluster, [cards[name] for name in cluster.members], stack.edges)
            for cluster in clusters
            if f"{_GROUP}{cluster.name}" in shut
        ),
    ]


def service_node(card: ServiceCard, n: int, right: str) -> Node:
    """Return the box of the service with card `n`; `right` stands in its lower right corner."""
    second = card.image.rpartition("/")[2] or ("built here" if card.built else "")
    return Node(
        key=card.name,
        words=card.name,
        below=second,
        right=right,
        state=card.worst.value if card.worst else "fine",
        mark=MARKS[card.worst] + (f" {card.touched}" if card.touched > 1 else ""),
        title=(card.name, card.image, *([card.state] if card.state else ())),
        href=f"#service-{n}",
    )


def _group_node(cluster: Cluster, cards: Sequence[ServiceCard], edges: Sequence[Edge]) -> Node:
    ranked = [card.worst for card in cards if card.worst is not None]
    worst = min(ranked, key=lambda one: one.rank, default=None)
    number = sum(one is worst for one in ranked)
    inside = set(cluster.members)
    waits = sum(edge.service in inside and edge.needs in inside for edge in edges)
    rest = len(cards) - NAMED
    named = [*cluster.members[:NAMED], *([f"and {rest} more"] if rest > 0 else ())]
    return Node(
        key=f"{_GROUP}{cluster.name}",
        words=cluster.name,
        below=f"{len(cards)} services",
        right=f"{waits} inside" if waits else "",
        state=worst.value if worst else "fine",
        mark=MARKS[worst] + (f" {number}" if number > 1 else ""),
        title=(f"{cluster.name}: {len(cards)} services", *named),
        href=f"#view-{ALL}",
        members=cluster.members,
    )


def _published(card: ServiceCard) -> str:
    return " ".join(port.rpartition("→")[0].rpartition(":")[2] for port in card.ports[:3])


def _bundles(edges: Iterable[Edge], closed: Mapping[str, str]) -> dict[tuple[str, str], list[Edge]]:
    """Return the edges that one line stands for, by whom it joins.

    Of lines that would run both ways between two boxes, the one with more of them is drawn.
    """
    found: dict[tuple[str, str], list[Edge]] = {}
    for one in edges:
        pair = (closed.get(one.service, one.service), closed.get(one.needs, one.needs))
        if pair[0] != pair[1]:
            found.setdefault(pair, []).append(one)
    for pair in sorted(found):
        other = found.get((pair[1], pair[0]))
        mine = found.get(pair)
        if other and mine and any(name.startswith(_GROUP) for name in pair):
            stays, goes = (pair, pair[::-1]) if len(mine) >= len(other) else (pair[::-1], pair)
            found[stays[0], stays[1]] += found.pop((goes[0], goes[1]))
    return found


def _said(bundle: Sequence[Edge]) -> tuple[str, list[str]]:
    """Return the kind of the line for `bundle`, the one that most of it have, and its words."""
    kinds = [kind_of(one) for one in bundle]
    kind = max(sorted(set(kinds)), key=kinds.count)
    words = [
        f"{one.service} waits for {one.needs}: {one.condition or 'service_started'}"
        for one in bundle[:NAMED]
    ]
    rest = len(bundle) - NAMED
    return kind, [*words, *([f"and {rest} more"] if rest > 0 else ())]
