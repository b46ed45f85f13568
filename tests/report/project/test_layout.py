"""The drawing of a graph: nothing overlaps, arrows go right, the same each time."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from bootready.report.project.layout import HEIGHT, WIDTH, lay_out


def graph(size: int, seed: int, *, cycles: bool = False) -> tuple[list[str], list[tuple[str, str]]]:
    chance = random.Random(seed)
    names = [f"s{number}" for number in range(size)]
    edges = [
        (names[a], names[b if cycles else min(a, b)])
        for a, b in ((chance.randrange(size), chance.randrange(size)) for _ in range(size))
    ]
    return names, edges


@pytest.mark.parametrize("size", [1, 2, 14, 60, 200])
@pytest.mark.parametrize("cycles", [False, True])
def test_no_two_boxes_overlap_and_all_are_inside(size, cycles):
    names, edges = graph(size, size, cycles=cycles)
    drawing = lay_out(names, edges)
    assert set(drawing.boxes) == set(names)
    for one, other in combinations(drawing.boxes.values(), 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    for box in drawing.boxes.values():
        assert 0 <= box.x <= drawing.width - WIDTH
        assert 0 <= box.y <= drawing.height - HEIGHT


def test_what_is_needed_stands_left_of_what_needs_it():
    names, edges = graph(60, 3)
    drawing = lay_out(names, edges)
    for route in drawing.routes:
        assert drawing.boxes[route.needs].x + WIDTH <= drawing.boxes[route.service].x
        assert [x for x, _ in route.points] == sorted(x for x, _ in route.points)


def test_a_cycle_and_a_loop_are_drawn():
    drawing = lay_out(["a", "b", "c"], [("a", "b"), ("b", "a"), ("c", "c")])
    assert {(route.service, route.needs) for route in drawing.routes} == {("a", "b"), ("b", "a")}


def test_an_empty_project_has_an_empty_drawing():
    assert lay_out([], []).boxes == {}


def test_the_order_of_edges_changes_nothing():
    names, edges = graph(40, 7)
    assert lay_out(names, edges) == lay_out(names, list(reversed(edges)))


def test_neighbours_do_not_cross_where_they_need_not():
    """Two chains stay apart, whatever the order in which they were written."""
    drawing = lay_out(["a2", "b1", "b2", "a1"], [("a2", "a1"), ("b2", "b1")])
    first = drawing.boxes["a1"].y < drawing.boxes["b1"].y
    assert (drawing.boxes["a2"].y < drawing.boxes["b2"].y) == first
