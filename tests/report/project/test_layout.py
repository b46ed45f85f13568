"""The drawing of a graph: nothing overlaps, arrows go right, the same each time."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from bootready.report.project.layout import GAP_X, TALLEST, WIDTH, lay_out
from bootready.report.project.layout_places import HEIGHT


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


@pytest.mark.parametrize("size", [14, 50, 200])
@pytest.mark.parametrize("cycles", [False, True])
def test_no_line_runs_under_a_box(size, cycles):
    """Lines bend between the columns only, and cross a column where it has no box."""
    names, edges = graph(size, size, cycles=cycles)
    edges += [(name, "s0") for name in names[1:]]  # more than one column waits for it
    drawing = lay_out(names, edges)
    for route in drawing.routes:
        xs = [x for x, _ in route.points]
        assert {b - a for a, b in zip(xs[::2], xs[1::2], strict=True)} == {GAP_X}
        for (x, y), (end, level) in zip(route.points[1:-1:2], route.points[2:-1:2], strict=True):
            assert y == level
            assert not [
                name
                for name, box in drawing.boxes.items()
                if x <= box.x < end and box.y <= y <= box.y + HEIGHT
            ]


def test_a_tall_column_is_continued_in_the_next_one_and_has_one_heading():
    names = ["hub", *(f"s{number}" for number in range(2 * TALLEST + 1))]
    drawing = lay_out(names, [(name, "hub") for name in names[1:]])
    assert len({box.x for box in drawing.boxes.values()}) == 4
    assert drawing.columns == (0, WIDTH + GAP_X)


def test_what_is_needed_stands_left_of_what_needs_it():
    names, edges = graph(60, 3)
    drawing = lay_out(names, edges)
    for route in drawing.routes:
        assert drawing.boxes[route.needs].x + WIDTH <= drawing.boxes[route.service].x
        assert [x for x, _ in route.points] == sorted(x for x, _ in route.points)


def test_a_cycle_and_a_loop_are_drawn():
    drawing = lay_out(["a", "b", "c"], [("a", "b"), ("b", "a"), ("c", "c")])
    assert {(route.service, route.needs) for route in drawing.routes} == {("a", "b"), ("b", "a")}
    assert {route.back for route in drawing.routes} == {False, True}
    assert len({route.points for route in drawing.routes}) == 1


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


def test_one_service_more_changes_the_order_of_few():
    """Between two pictures of a project a person finds again what was there."""
    beside = kept = same = 0
    for seed in range(12):
        names, edges = graph(60, seed)
        more = lay_out([*names, "new"], [*edges, ("new", names[seed])]).boxes
        boxes = lay_out(names, edges).boxes
        for one, other in combinations(names, 2):
            if boxes[one].x == boxes[other].x:
                beside += 1
                if more[one].x == more[other].x:
                    kept += 1
                    same += (boxes[one].y < boxes[other].y) == (more[one].y < more[other].y)
    assert kept >= 0.9 * beside
    assert same >= 0.9 * kept


def test_a_box_stands_near_those_that_it_waits_for():
    """Of two hubs with their clients, each stays in the middle of its own."""
    clients = [(f"{hub}{number}", hub) for hub in ("a", "z") for number in range(5)]
    drawing = lay_out(["a", "z", *(name for name, _ in clients)], clients)
    for hub in ("a", "z"):
        of_hub = [drawing.boxes[name].y for name, other in clients if other == hub]
        assert drawing.boxes[hub].y == pytest.approx(sum(of_hub) / 5, abs=HEIGHT)


@pytest.mark.parametrize("seed", range(6))
def test_a_tree_has_no_crossing_however_it_is_named(seed):
    chance = random.Random(seed)
    names = [f"s{number}" for number in range(40)]
    chance.shuffle(names)
    edges = [(names[number], names[(number - 1) // 3]) for number in range(1, 40)]
    drawing = lay_out(names, edges)
    lines = {
        (route.points[at], route.points[at + 1])
        for route in drawing.routes
        for at in range(0, len(route.points), 2)
    }
    crossing = [
        (one, other)
        for one, other in combinations(lines, 2)
        if one[0][0] == other[0][0] and (one[0][1] - other[0][1]) * (one[1][1] - other[1][1]) < 0
    ]
    assert crossing == []
