"""Names and edges -> a place for every name: columns in boot order, few crossings, no overlap.

A layered drawing after Sugiyama: longest path gives the column, tall columns are continued in
further ones, edges over several columns get places on the way, and sweeps over the mean place of
neighbours order each column. All ties are broken by name, so that the same project is always drawn
the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bootready.typed import NamedTuple

WIDTH, HEIGHT = 208, 56
GAP_X, GAP_Y, WAY_HEIGHT = 76, 18, 14
HEADING = 340
"""The width of the longest heading."""
TALLEST = 14
"""Boxes above each other before a column is continued in another one."""
SWEEPS = 6


class Box(NamedTuple):
    """The upper left corner of a box, in pixels."""

    x: float
    y: float


class Route(NamedTuple):
    """The points that an edge goes through, from left to right.

    It leaves the right of `needs` and ends at the left of `service`; the other way about where it
    is the one of a cycle that goes `back`.
    """

    service: str
    needs: str
    points: tuple[tuple[float, float], ...]
    back: bool = False


class Drawing(NamedTuple):
    """Where everything is; `alone` are boxes without edges, in a grid below the rest."""

    boxes: Mapping[str, Box]
    routes: tuple[Route, ...]
    columns: tuple[float, ...]
    """The x at which each step of the order begins, for its heading."""
    alone_top: float
    """The y at which the grid of single boxes begins; 0 without such a grid."""
    width: float
    height: float


def lay_out(names: Sequence[str], edges: Iterable[tuple[str, str]]) -> Drawing:
    """Return the drawing of a graph; an edge is (service, what it needs), both among `names`."""
    known = set(names)
    wanted = sorted({(a, b) for a, b in edges if a != b and a in known and b in known})
    joined = {name for edge in wanted for name in edge}
    ranks, firsts = _continued(_ranks([name for name in names if name in joined], wanted))
    drawn = {(a, b): (a, b) if ranks[a] > ranks[b] else (b, a) for a, b in wanted}
    layers, chains = _with_ways(ranks, sorted(set(drawn.values())))
    _order(layers, chains)
    places, width, height = _places(layers)
    columns = tuple(first * (WIDTH + GAP_X) for first in firsts)
    alone = [name for name in names if name not in joined]
    top = 0.0
    if alone:
        top = height + (58 if joined else 0)
        per_row = max(1, int(max(width, 4 * (WIDTH + GAP_Y))) // (WIDTH + GAP_Y))
        for index, name in enumerate(alone):
            row, column = divmod(index, per_row)
            places[name] = Box(column * (WIDTH + GAP_Y), top + row * (HEIGHT + GAP_Y))
        width = max(width, min(len(alone), per_row) * (WIDTH + GAP_Y) - GAP_Y, HEADING)
        height = top + -(-len(alone) // per_row) * (HEIGHT + GAP_Y) - GAP_Y
    routes = tuple(
        Route(*edge, _points(chains[way], places), back=way != edge) for edge, way in drawn.items()
    )
    boxes = {name: places[name] for name in names}
    return Drawing(boxes, routes, columns, top, width, height)


def _ranks(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the column of each name: one more than the last of what it needs; cycles are cut."""
    needs: dict[str, list[str]] = {name: [] for name in names}
    for service, other in edges:
        needs[service].append(other)
    ranks: dict[str, int] = {}
    for start in names:
        stack = [(start, iter(needs[start]))]
        open_names = {start}
        while stack:
            name, rest = stack[-1]
            following = next((one for one in rest if one not in ranks), None)
            if name in ranks or following is None:
                stack.pop()
                open_names.discard(name)
                if name not in ranks:
                    below = [ranks[one] for one in needs[name] if one in ranks]
                    ranks[name] = max(below, default=-1) + 1
            elif following not in open_names:
                open_names.add(following)
                stack.append((following, iter(needs[following])))
    return ranks


def _continued(ranks: Mapping[str, int]) -> tuple[dict[str, int], list[int]]:
    """Return the column of each name, of no more than TALLEST, and the first one of each rank."""
    members: list[list[str]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for name, rank in ranks.items():
        members[rank].append(name)
    columns: dict[str, int] = {}
    firsts: list[int] = []
    column = 0
    for names in members:
        firsts.append(column)
        count = -(-len(names) // TALLEST)
        share = -(-len(names) // count)
        columns.update((name, column + index // share) for index, name in enumerate(names))
        column += count
    return columns, firsts


def _with_ways(
    ranks: Mapping[str, int], edges: Sequence[tuple[str, str]]
) -> tuple[list[list[str]], dict[tuple[str, str], list[str]]]:
    """Return the columns, and for each edge the names from its need to its service.

    A long edge has a way point (a name with a NUL, which no service has) in every column between;
    edges from one service share the way points of their need.
    """
    layers: list[list[str]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for name, rank in ranks.items():
        layers[rank].append(name)
    chains: dict[tuple[str, str], list[str]] = {}
    made: set[str] = set()
    for service, need in edges:
        chain = [need]
        for rank in range(ranks[need] + 1, ranks[service]):
            way = f"{need}\0{rank}"
            chain.append(way)
            if way not in made:
                made.add(way)
                layers[rank].append(way)
        chains[service, need] = [*chain, service]
    return layers, chains


def _order(layers: list[list[str]], chains: Mapping[tuple[str, str], Sequence[str]]) -> None:
    before: dict[str, set[str]] = {}
    behind: dict[str, set[str]] = {}
    for chain in chains.values():
        for left, right in pairwise(chain):
            before.setdefault(right, set()).add(left)
            behind.setdefault(left, set()).add(right)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        order = range(1, len(layers)) if forward else range(len(layers) - 2, -1, -1)
        for index in order:
            fixed = layers[index - 1 if forward else index + 1]
            _sort_by_mean(layers[index], fixed, before if forward else behind)


def _sort_by_mean(layer: list[str], fixed: Sequence[str], near: Mapping[str, set[str]]) -> None:
    place = {name: (index + 0.5) / len(fixed) for index, name in enumerate(fixed)}
    now = {name: (index + 0.5) / len(layer) for index, name in enumerate(layer)}

    def mean(name: str) -> float:
        found = [place[one] for one in sorted(near.get(name, ())) if one in place]
        return sum(found) / len(found) if found else now[name]

    layer.sort(key=lambda name: (mean(name), now[name]))


def _places(layers: Sequence[Sequence[str]]) -> tuple[dict[str, Box], float, float]:
    """Return the places of all names and the size of the whole."""
    tallest = max(map(_height, layers), default=0.0)
    places: dict[str, Box] = {}
    for column, layer in enumerate(layers):
        y = (tallest - _height(layer)) / 2
        for name in layer:
            places[name] = Box(column * (WIDTH + GAP_X), y)
            y += _size(name) + GAP_Y
    return places, max(0.0, len(layers) * (WIDTH + GAP_X) - GAP_X), tallest


def _height(names: Sequence[str]) -> float:
    return sum(_size(name) + GAP_Y for name in names) - GAP_Y


def _size(name: str) -> float:
    return WAY_HEIGHT if "\0" in name else HEIGHT


def _points(chain: Sequence[str], places: Mapping[str, Box]) -> tuple[tuple[float, float], ...]:
    first, last = places[chain[0]], places[chain[-1]]
    points = [(first.x + WIDTH, first.y + HEIGHT / 2)]
    for name in chain[1:-1]:
        box = places[name]
        middle = box.y + WAY_HEIGHT / 2
        points += [(box.x, middle), (box.x + WIDTH, middle)]
    return (*points, (last.x, last.y + HEIGHT / 2))
