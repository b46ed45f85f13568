#!/usr/bin/env python3
"""The graph of projects, drawn by ours, by ELK and by Graphviz -> how well each can be read.

usage: layouts.py NODE_MODULES REPORT.json...
  NODE_MODULES   a directory in which `npm install elkjs` was run; node and dot are on the PATH
  REPORT.json    of `bootready report --format json`

A row per project and engine: points where lines cross, boxes that a line runs through, the mean
length of a line and the size of the picture in pixels, and milliseconds without the start of a
program. Boxes have the same size everywhere. What was found:
docs/adr/0101-the-graph-is-laid-out-by-our-own-code.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bootready.report.project.layout import WIDTH, lay_out
from bootready.report.project.layout_places import HEIGHT

Point = tuple[float, float]
Line = list[Point]
GRID = 8
"""Crossings nearer to each other than so many pixels are one to the eye."""
_ELK = """
const ELK=require(process.argv[1]+'/node_modules/elkjs/lib/elk.bundled.js'),elk=new ELK();
const graph=JSON.parse(require('fs').readFileSync(0,'utf8'));
elk.layout(JSON.parse(JSON.stringify(graph))).then(async()=>{const start=performance.now();
const done=await elk.layout(graph);done.ms=performance.now()-start;
console.log(JSON.stringify(done))});
"""


def main(arguments: Sequence[str]) -> int:
    """Print the table and return the exit code."""
    if len(arguments) < 2:
        print(__doc__)
        return 2
    print("services  edges  engine    crossings  through boxes  mean length  width x height     ms")
    for path in arguments[1:]:
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
        names = [one["name"] for one in report["services"]]
        edges = sorted({(one["service"], one["needs"]) for one in report["dependencies"]})
        joined = {name for edge in edges for name in edge}
        names = [name for name in names if name in joined]  # those alone are in a grid of ours
        for engine, draw in (("ours", _ours), ("elk", _elk), ("graphviz", _dot)):
            boxes, lines, milliseconds = draw(names, edges, arguments[0])
            width = max(x for x, _ in boxes.values()) + WIDTH - min(x for x, _ in boxes.values())
            height = max(y for _, y in boxes.values()) + HEIGHT - min(y for _, y in boxes.values())
            mean = sum(map(_length, lines.values())) / len(lines)
            print(
                f"{len(names):8}  {len(edges):5}  {engine:8}  {_crossings(lines.values()):9}"
                f"  {_through(lines, boxes):13}  {mean:11.0f}  {width:6.0f} x {height:6.0f}"
                f"  {milliseconds:6.1f}"
            )
    return 0


Drawn = tuple[dict[str, Point], dict[tuple[str, str], Line], float]


def _ours(names: Sequence[str], edges: Sequence[tuple[str, str]], _: str) -> Drawn:
    lay_out(names, edges)
    start = time.perf_counter()
    drawing = lay_out(names, edges)
    milliseconds = (time.perf_counter() - start) * 1000
    lines = {}
    for route in drawing.routes:
        line = [route.points[0]]
        for index, (end, begin) in enumerate(zip(route.points[1:], route.points, strict=False)):
            middle = (begin[0] + end[0]) / 2
            curve = [begin, (middle, begin[1]), (middle, end[1]), end]
            line += [end] if index % 2 and end[1] == begin[1] else _bent(curve)
        lines[route.service, route.needs] = line
    return {name: (box.x, box.y) for name, box in drawing.boxes.items()}, lines, milliseconds


def _elk(names: Sequence[str], edges: Sequence[tuple[str, str]], modules: str) -> Drawn:
    graph = {
        "id": "root",
        "layoutOptions": {
            "elk.algorithm": "layered",
            "elk.direction": "RIGHT",
            "elk.edgeRouting": "SPLINES",
            "elk.layered.spacing.nodeNodeBetweenLayers": "76",
            "elk.spacing.nodeNode": "18",
        },
        "children": [{"id": name, "width": WIDTH, "height": HEIGHT} for name in names],
        "edges": [{"id": f"{a} {b}", "sources": [b], "targets": [a]} for a, b in edges],
    }
    said = subprocess.run(
        ["node", "-e", _ELK, modules],
        input=json.dumps(graph),
        capture_output=True,
        text=True,
        check=True,
    )
    done = json.loads(said.stdout)
    boxes = {one["id"]: (one["x"], one["y"]) for one in done["children"]}
    lines = {}
    for edge, (a, b) in zip(done["edges"], edges, strict=True):
        (section,) = edge["sections"]
        ends = [section["startPoint"], *section.get("bendPoints", []), section["endPoint"]]
        lines[a, b] = _splines([(one["x"], one["y"]) for one in ends])
    return boxes, lines, done["ms"]


def _dot(names: Sequence[str], edges: Sequence[tuple[str, str]], _: str) -> Drawn:
    size = f'width={WIDTH / 72} height={HEIGHT / 72} fixedsize=true shape=box label=""'
    ids = {name: f"n{number}" for number, name in enumerate(names)}
    rows = [f"digraph {{rankdir=LR nodesep=0.25 ranksep={76 / 72} node[{size}]"]
    rows += [f"{one};" for one in ids.values()]
    rows += [f"{ids[b]}->{ids[a]};" for a, b in edges]
    text = "\n".join([*rows, "}"])
    empty = _timed("digraph{a}")[1]
    said, milliseconds = _timed(text)
    done = json.loads(said)
    known = {one["name"]: one for one in done["objects"]}
    boxes = {}
    for name, one in ids.items():
        x, y = map(float, known[one]["pos"].split(","))
        boxes[name] = (x - WIDTH / 2, y - HEIGHT / 2)
    lines = {}
    back = {one: name for name, one in ids.items()}
    for edge in done["edges"]:
        ends = [back[done["objects"][edge[end]]["name"]] for end in ("head", "tail")]
        points = [one.partition(",e")[2] or one for one in edge["pos"].split()]
        placed = [tuple(map(float, one.removeprefix("e,").split(","))) for one in points]
        curve = [(x, y) for x, y in placed[1:]]  # the first one is the tip
        lines[ends[0], ends[1]] = _splines(curve)
    return boxes, lines, max(0.0, milliseconds - empty)


def _timed(text: str) -> tuple[str, float]:
    start = time.perf_counter()
    said = subprocess.run(["dot", "-Tjson"], input=text, capture_output=True, text=True, check=True)
    return said.stdout, (time.perf_counter() - start) * 1000


def _splines(points: Sequence[Point]) -> Line:
    """Return the line of cubic splines that share their ends, or of straight pieces."""
    if len(points) % 3 != 1:
        return list(points)
    line = [points[0]]
    for at in range(0, len(points) - 1, 3):
        line += _bent(points[at : at + 4])
    return line


def _bent(curve: Sequence[Point]) -> Line:
    a, b, c, d = curve
    found = []
    for step in range(1, 13):
        t = step / 12
        parts = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
        x, y = (
            sum(p * q[axis] for p, q in zip(parts, (a, b, c, d), strict=True)) for axis in (0, 1)
        )
        found.append((x, y))
    return found


def _length(line: Line) -> float:
    return sum(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 for a, b in pairwise(line))


def _crossings(lines: Iterable[Line]) -> int:
    """Return the places where lines cross, each once however many run there together."""
    pieces = sorted(
        (min(a, b), max(a, b), number)
        for number, line in enumerate(lines)
        for a, b in pairwise(line)
        if a != b
    )
    found = set()
    for index, (a, b, one) in enumerate(pieces):
        for c, d, other in pieces[index + 1 :]:
            if c[0] >= b[0]:
                break
            at = _meeting(a, b, c, d) if one != other else None
            if at is not None:
                found.add((round(at[0] / GRID), round(at[1] / GRID)))
    return len(found)


def _meeting(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    one, other = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
    cross = one[0] * other[1] - one[1] * other[0]
    if abs(cross) < 1e-6:
        return None
    s = ((c[0] - a[0]) * other[1] - (c[1] - a[1]) * other[0]) / cross
    t = ((c[0] - a[0]) * one[1] - (c[1] - a[1]) * one[0]) / cross
    if not (0.001 < s < 0.999 and 0.001 < t < 0.999):
        return None
    return (a[0] + s * one[0], a[1] + s * one[1])


def _through(lines: dict[tuple[str, str], Line], boxes: dict[str, Point]) -> int:
    """Return how often a line runs through a box that is not one of its ends."""
    found = set()
    for edge, line in lines.items():
        for (ax, ay), (bx, by) in pairwise(line):
            for step in range(9):
                x, y = ax + (bx - ax) * step / 8, ay + (by - ay) * step / 8
                found |= {
                    (edge, name)
                    for name, (left, top) in boxes.items()
                    if name not in edge
                    and left + 1 < x < left + WIDTH - 1
                    and top + 1 < y < top + HEIGHT - 1
                }
    return len(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
