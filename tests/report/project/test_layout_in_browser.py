"""The layout in a browser: the same places as in Python, and open groups apart from the others."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest

from bootready.report.project.drawing import MARGIN, TOP, headings
from bootready.report.project.layout import WIDTH, Drawing, lay_out
from bootready.report.project.layout_places import HEIGHT
from bootready.report.project.parts import part
from bootready.report.project.pictures import NAMED
from browser_support import chromium

BAND = 30
"""Room above those who are in a frame, for its upper edge with its words."""
DRAWN = """([names, edges, groups]) => {
  const drawing = layOut(names, edges, name => groups[name] || 0);
  return {...drawing, places: Object.fromEntries(drawing.places)};
}"""


def test_open_groups_are_drawn_with_the_numbers_and_words_of_the_other_pictures():
    script = part("bootready.report.project", "groups.js")
    names, values = re.findall(r"const \[([A-Z, ]+)\] = \[([0-9, ]+)\];", script)[0]
    numbers = dict(zip(names.split(", "), map(int, values.split(", ")), strict=True))
    assert numbers == {
        "MARGIN": MARGIN,
        "TOP": TOP,
        "WIDTH": WIDTH,
        "HEIGHT": HEIGHT,
        "BAND": BAND,
        "NAMED": NAMED,
    }
    assert f"const BAND = {BAND};" in part("bootready.report.project", "layout.js")
    drawing = Drawing({}, (), (0.0, 1.0), 30.0, 1.0, 1.0)
    words = re.findall(">([^<]+)</text>", "".join(headings(drawing)))
    assert words == ["starts first", "then · 2", words[2]]
    for one in ("starts first", "then · ${n + 1}", words[2]):
        assert re.search(rf"[`\"]{re.escape(one)}[`\"]", script), one


@pytest.fixture(scope="module")
def page():
    with chromium() as browser:
        found = browser.new_page()
        found.add_script_tag(content=part("bootready.report.project", "layout.js"))
        yield found


def graph(size: int, *, cycles: bool) -> tuple[list[str], list[tuple[str, str]]]:
    """Names with every letter that has a place of its own in the order, and edges among them."""
    chance = random.Random(size)
    names = [f"{'aZ_é😀'[number % 5]}{number}" for number in range(size)]
    pairs = [(chance.randrange(size), chance.randrange(size)) for _ in range(size)]
    return names, [(names[a], names[b if cycles else min(a, b)]) for a, b in pairs]


@pytest.mark.parametrize("size", [0, 1, 2, 14, 57, 200])
@pytest.mark.parametrize("cycles", [False, True])
def test_places_and_lines_are_those_of_python(page, size, cycles):
    names, edges = graph(size, cycles=cycles)
    expected = lay_out(names, edges)
    found = page.evaluate(DRAWN, [names, edges, {}])
    places = {name: (one["x"], one["y"]) for name, one in found["places"].items() if name in names}
    assert places == {name: pytest.approx(tuple(box)) for name, box in expected.boxes.items()}
    assert found["columns"] == list(expected.columns)
    assert found["aloneTop"] == pytest.approx(expected.alone_top)
    assert (found["width"], found["height"]) == pytest.approx((expected.width, expected.height))
    lines = {(one["service"], one["needs"]): one for one in found["routes"]}
    assert len(lines) == len(expected.routes)
    for route in expected.routes:
        line = lines[route.service, route.needs]
        assert line["back"] is route.back
        assert [tuple(point) for point in line["points"]] == [
            pytest.approx(point) for point in route.points
        ]


@pytest.mark.parametrize("size", [14, 57, 200])
def test_open_groups_stand_side_by_side_with_room_for_their_frames(page, size):
    names, edges = graph(size, cycles=False)
    step = max(3, size // 12)
    groups = {name: 1 + (n // step) % 2 for n, name in enumerate(names) if n % step == 0}
    found = page.evaluate(DRAWN, [names, edges, groups])
    columns: dict[float, list[tuple[float, int]]] = {}
    for name, box in found["places"].items():
        in_grid = found["aloneTop"] and box["y"] >= found["aloneTop"]
        if name in names and not in_grid:
            columns.setdefault(box["x"], []).append((box["y"], groups.get(name, 0)))
    for column in columns.values():
        column.sort()
        order = [
            group for n, (_, group) in enumerate(column) if group and column[n - 1][1] != group
        ]
        assert len(order) == len(set(order))
        for (above, one), (below, other) in pairwise(column):
            assert below - above - HEIGHT >= (BAND if one != other else 0)
