"""Names and edges -> a place for every name: columns in boot order, few crossings, no overlap.

A layered drawing after Sugiyama: longest path gives the column, tall columns are continued in
further ones, edges over several columns get places on the way, sweeps over the mean place of
neighbours order each column, and each box is then moved as near to its neighbours as the order
permits. All ties are broken by name, so that the same project is always drawn the same way, and
nothing is balanced over the whole, so that one service more moves little. `layout.js` does the same
in a browser, for groups that are opened there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bootready.report.project.layout_order import Chains, Layers, in_order
from bootready.report.project.layout_places import GAP_Y, HEIGHT, WAY_HEIGHT, heights
from bootready.typed import NamedTuple

WIDTH = 208
GAP_X = 76
HEADING = 340
"""The width of the longest heading."""
TALLEST = 14
"""Boxes above each other before a column is continued in another one."""


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


def lay_out(
    names: Sequence[str],
    edges: Iterable[tuple[str, str]],
) -> Drawing:
    """Return the drawing of a graph; an edge is (service, what it needs), both among `names`."""
    known = set(names)
    wanted = sorted({(a, b) for a, b in edges if a != b and a in known and b in known})
    joined = {name for edge in wanted for name in edge}
    ranks, firsts = _continued(ranks_of(sorted(joined), wanted))
    drawn = {(a, b): (a, b) if ranks[a] > ranks[b] else (b, a) for a, b in wanted}
    layers, chains = _with_ways(ranks, sorted(set(drawn.values())))
    layers = in_order(layers, chains)
    tops = heights(layers, chains)
    places = {
        name: Box(column * (WIDTH + GAP_X), tops[name])
        for column, layer in enumerate(layers)
        for name in layer
    }
    width = max(0.0, len(layers) * (WIDTH + GAP_X) - GAP_X)
    height = max((box.y + HEIGHT for box in places.values()), default=0.0)
    columns = tuple(first * (WIDTH + GAP_X) for first in firsts)
    alone = [name for name in names if name not in joined]
    top = 0.0
    if alone:
        top = height + (58 if joined else 0)
        grid, columns_used, height = _grid(alone, max(width, 4 * (WIDTH + GAP_Y)), top)
        places.update(grid)
        width = max(width, columns_used * (WIDTH + GAP_Y) - GAP_Y, HEADING)
    routes = tuple(
        Route(*edge, _points(chains[way], places), back=way != edge) for edge, way in drawn.items()
    )
    boxes = {name: places[name] for name in names}
    return Drawing(boxes, routes, columns, top, width, height)


def _grid(alone: Sequence[str], room: float, top: float) -> tuple[dict[str, Box], int, float]:
    """Return the places of boxes without edges, how many stand in a row, and where they end."""
    per_row = max(1, int(room) // (WIDTH + GAP_Y))
    places: dict[str, Box] = {}
    for index, name in enumerate(alone):
        row, column = divmod(index, per_row)
        places[name] = Box(column * (WIDTH + GAP_Y), top + row * (HEIGHT + GAP_Y))
    end = top + -(-len(alone) // per_row) * (HEIGHT + GAP_Y) - GAP_Y
    return places, min(len(alone), per_row), end


def ranks_of(names: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
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
    for name in sorted(ranks):
        members[ranks[name]].append(name)
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


def _with_ways(ranks: Mapping[str, int], edges: Sequence[tuple[str, str]]) -> tuple[Layers, Chains]:
    """Return the columns, and for each edge the names from its need to its service.

    A long edge has a way point (a name with a NUL, which no service has) in every column between;
    edges from one service share the way points of their need.
    """
    layers: Layers = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for name, rank in ranks.items():
        layers[rank].append(name)
    chains: Chains = {}
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


def _points(chain: Sequence[str], places: Mapping[str, Box]) -> tuple[tuple[float, float], ...]:
    first, last = places[chain[0]], places[chain[-1]]
    points = [(first.x + WIDTH, first.y + HEIGHT / 2)]
    for name in chain[1:-1]:
        box = places[name]
        middle = box.y + WAY_HEIGHT / 2
        points += [(box.x, middle), (box.x + WIDTH, middle)]
    return (*points, (last.x, last.y + HEIGHT / 2))
