"""bench/history.tsv -> a picture of it: a panel for each project, a line for each program.

The height is the time that a program takes in that of Compose v5's `config -q`, by powers of two.
"""

from __future__ import annotations

from html import escape
from math import log2
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
HISTORY = ROOT / "bench" / "history.tsv"
COLOURS = {
    "bootready config": "#1a73e8",
    "bootready check": "#c5221f",
    "compose v5": "#5c6579",
    "compose v2": "#a0a8b8",
    "compose-lint": "#b06000",
    "dclint": "#188038",
}
FONT = 'font-family="sans-serif" font-size="11"'
LOWEST, HIGHEST = -4.0, 4.0
"""Powers of two that a panel shows."""
WIDE, HIGH, LEFT, TOP, GAP = 150, 220, 52, 40, 18


class Point(NamedTuple):
    """The median of one program for one project at one release."""

    release: str
    date: str
    project: str
    program: str
    ratio: float


def history(path: Path = HISTORY) -> list[Point]:
    """Return what was recorded, in that order."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Point(*row[:4], float(row[4])) for row in rows]


def picture(points: list[Point]) -> str:
    """Return the SVG of these points."""
    projects = list(dict.fromkeys(point.project for point in points))
    releases = list(dict.fromkeys(point.release for point in points))
    programs = [name for name in COLOURS if any(point.program == name for point in points)]
    width = LEFT + len(projects) * (WIDE + GAP) + 10
    height = TOP + HIGH + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {FONT}>',
        "<title>Time beside Compose v5, by release</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for power in range(int(LOWEST), int(HIGHEST) + 1):
        y = _height(2.0**power)
        label = f"{2.0**power:g}"
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    for number, project in enumerate(projects):
        left = LEFT + number * (WIDE + GAP)
        parts += _panel(left, project, releases, [p for p in points if p.project == project])
    for number, name in enumerate(programs):
        x, y = LEFT + number % 6 * 140, height - 14
        parts.append(f'<circle cx="{x + 4}" cy="{y - 4}" r="4" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{x + 12}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _panel(left: int, project: str, releases: list[str], points: list[Point]) -> list[str]:
    parts = [
        f'<rect x="{left}" y="{TOP}" width="{WIDE}" height="{HIGH}" fill="#f6f7f9"/>',
        f'<path d="M{left} {_height(1):.1f}h{WIDE}" stroke="#5c6579" stroke-dasharray="3 3"/>',
        f'<text x="{left + WIDE / 2}" y="{TOP - 8}" text-anchor="middle">{escape(project)}</text>',
    ]
    step = WIDE / (len(releases) + 1)
    for number, release in enumerate(releases, 1):
        x = left + number * step
        parts.append(
            f'<text x="{x:.1f}" y="{TOP + HIGH + 14}" text-anchor="middle">{escape(release)}</text>'
        )
    for name, colour in COLOURS.items():
        places = [
            (left + (releases.index(p.release) + 1) * step, _height(p.ratio), p)
            for p in points
            if p.program == name
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places)
        if len(places) > 1:
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        for x, y, point in places:
            said = escape(f"{name}, {point.release} of {point.date}: {point.ratio:.2f}")
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}">'
                f"<title>{said}</title></circle>"
            )
    return parts


def _height(ratio: float) -> float:
    power = min(max(log2(ratio), LOWEST), HIGHEST)
    return TOP + HIGH * (HIGHEST - power) / (HIGHEST - LOWEST)
