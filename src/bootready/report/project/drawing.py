"""Places of boxes and lines -> SVG: what the pictures of a page and of a file are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from bootready.model.printable import printable
from bootready.report.project.layout import WIDTH, Box, Drawing, Route
from bootready.report.project.layout_places import HEIGHT
from bootready.report.project.letters import BOLD, PLAIN, cut, shortened, width_of
from bootready.report.shown import escaped
from bootready.typed import NamedTuple

MARGIN, TOP = 12, 36
_LEFT, _RIGHT = 16, 10
"""Pixels between the edges of a box and its words."""
_MARK_ROOM = 44
"""The room for the sign of a box and the number beside it."""
NAME_ROOM = WIDTH - _LEFT - _RIGHT - _MARK_ROOM

TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    ' markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
    '<path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>'
)


class Node(NamedTuple):
    """A box: a service, or a group that is closed."""

    key: str
    """The name of the service; what the lines call it."""
    words: str
    """Its name, as it is shown if there is room."""
    below: str
    """The second line: the image, or how many services a group has."""
    right: str
    """What stands at the right of the second line, such as a port."""
    state: str
    """``error``, ``warning``, ``note`` or ``fine``."""
    mark: str
    title: tuple[str, ...]
    """What is shown to who points at it; lines."""
    href: str
    members: tuple[str, ...] = ()
    """The names of the services of a group."""


def opened(width: float, height: float, words: str, top: float) -> tuple[str, ...]:
    """Return the beginning of an ``<svg>`` of that size; it is closed by ``</g></svg>``."""
    size = f'viewBox="0 0 {number(width)} {number(height)}" style="--natural:{number(width)}px"'
    return (
        f'<svg {size} role="group" aria-label="{escaped(words)}">',
        f'<g transform="translate({MARGIN} {number(top)})">',
    )


def headings(drawing: Drawing) -> list[str]:
    """Return the words above the columns, and above the boxes that have no line."""
    found = []
    for index, x in enumerate(drawing.columns):
        words = "starts first" if index == 0 else f"then · {index + 1}"
        found.append(f'<text class="heading" x="{number(x)}" y="-16">{words}</text>')
    if drawing.alone_top or not drawing.columns:
        y = drawing.alone_top - 16
        words = "independent: no dependencies, and no service depends on them"
        found.append(f'<text class="heading" x="0" y="{number(y)}">{words}</text>')
    return found


def edge(
    route: Route, kind: str, words: Iterable[str], *, wide: bool = False, count: int = 1
) -> str:
    """Return an arrow, with words (lines) for who points at it; a `wide` one is easier to hit.

    It stands for `count` dependencies, and is the thicker for it.
    """
    (x, y), *rest = route.points
    path = f"M{number(x)} {number(y)}"
    for index, (next_x, next_y) in enumerate(rest):
        if index % 2 and next_y == y:
            path += f"L{number(next_x)} {number(next_y)}"
        else:
            middle = (x + next_x) / 2
            curve = (middle, y, middle, next_y, next_x, next_y)
            path += f"C{' '.join(map(number, curve))}"
        x, y = next_x, next_y
    end = "start" if route.back else "end"
    thick = (
        f' style="stroke-width:{number(min(5.0, 1.4 + 0.5 * count**0.5))}px"' if count > 1 else ""
    )
    return (f'<path class="hit" d="{path}"/>' if wide else "") + (
        f'<path class="edge {escaped(kind)}" d="{path}" marker-{end}="url(#tip)"{thick}'
        f' data-a="{escaped(route.service)}" data-b="{escaped(route.needs)}">'
        f"<title>{_lines(words)}</title></path>"
    )


def names_of(words: Iterable[str]) -> dict[str, str]:
    """Return the names as they are shown in boxes, of the whole project, each another one."""
    return shortened(words, NAME_ROOM)


def box(node: Node, at: Box, names: Mapping[str, str], *, linked: bool = True) -> str:
    """Return the box of `node`; `names` tell how its words are shortened.

    It leads nowhere unless it is `linked`.
    """
    room = WIDTH - _LEFT - _RIGHT
    right = cut(node.right, room / 2)
    below = cut(node.below, room - (width_of(right, PLAIN) + 8 if right else 0))
    name = names.get(node.words) or cut(node.words, NAME_ROOM, BOLD)
    kind = f"box {node.state}{' closed' if node.members else ''}"
    known = f'data-name="{escaped(node.key)}"'
    if node.members:
        label = escaped(f"open {node.words}: {node.below}")
        names_held = escaped(json.dumps([printable(one) for one in node.members]))
        known += f' aria-label="{label}" data-holds="{names_held}"'
    lines = [
        f'<a class="{kind}" href="{node.href}" {known}>' if linked else f'<g class="{kind}">',
        f"<title>{_lines(node.title)}</title>",
        f'<g transform="translate({number(at.x)} {number(at.y)})">',
        *(
            f'<rect class="under" x="{n}" y="{n}" width="{WIDTH}" height="{HEIGHT}" rx="7"/>'
            for n in ((6, 3) if node.members else ())
        ),
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="7"/>',
        f'<rect class="bar" width="6" height="{HEIGHT}" rx="3"/>',
        f'<text class="name" x="{_LEFT}" y="23">{escaped(name)}</text>',
        f'<text class="mark" x="{WIDTH - _RIGHT}" y="23">{escaped(node.mark)}</text>',
        f'<text class="image" x="{_LEFT}" y="42">{escaped(below)}</text>',
    ]
    if right:
        lines.append(f'<text class="port" x="{WIDTH - _RIGHT}" y="42">{escaped(right)}</text>')
    return "".join([*lines, "</g></a>" if linked else "</g></g>"])


def _lines(words: Iterable[str]) -> str:
    return "\n".join(map(escaped, words))  # a name with a line break begins no line


def number(value: float) -> str:
    """Return a number of pixels as it is written."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
