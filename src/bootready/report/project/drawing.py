"""Stack -> its graph as inline SVG: boxes in boot order, arrows from what starts before."""

from __future__ import annotations

from bootready.model.finding import Severity
from bootready.report.project.layout import HEIGHT, WIDTH, Drawing, Route, lay_out
from bootready.report.project.view import ServiceCard, Stack
from bootready.report.shown import escaped

MARGIN, TOP = 10, 34
LARGE, SMALL = 9.2, 7.4
"""Pixels of a letter of a name, and of the rest; those of a wide font, as none can be measured."""

_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    ' orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>'
)
_MARKS = {Severity.ERROR: "✕", Severity.WARNING: "!", Severity.NOTE: "i", None: "✓"}


def draw(stack: Stack) -> str:
    """Return the graph as one ``<svg>`` element; a box links to the card of its service."""
    drawing = lay_out(
        [card.name for card in stack.cards], [(edge.service, edge.needs) for edge in stack.edges]
    )
    width, height = drawing.width + 2 * MARGIN, drawing.height + TOP + MARGIN
    kinds = {(edge.service, edge.needs): edge.condition for edge in stack.edges}
    words = f"services of {stack.project} in the order in which they start"
    parts = [
        *opened(width, height, words, TOP),
        _TIP,
        *_headings(drawing),
        *(_wait(route, kinds.get((route.service, route.needs), "")) for route in drawing.routes),
        *(box(card, n, drawing, _published(card)) for n, card in enumerate(stack.cards, 1)),
        "</g></svg>",
    ]
    return "\n".join(parts)


def opened(width: float, height: float, words: str, top: float) -> tuple[str, ...]:
    """Return the beginning of an ``<svg>`` of that size; it is closed by ``</g></svg>``."""
    size = f'viewBox="0 0 {number(width)} {number(height)}" style="--natural:{number(width)}px"'
    return (
        f'<svg {size} role="img" aria-label="{escaped(words)}">',
        f'<g transform="translate({MARGIN} {number(top)})">',
    )


def _headings(drawing: Drawing) -> list[str]:
    found = []
    for index, x in enumerate(drawing.columns):
        words = "starts first" if index == 0 else f"then · {index + 1}"
        found.append(f'<text class="heading" x="{number(x)}" y="-14">{words}</text>')
    if drawing.alone_top or not drawing.columns:
        y = drawing.alone_top - 14
        words = "independent: no dependencies, and no service depends on them"
        found.append(f'<text class="heading" x="0" y="{number(y)}">{words}</text>')
    return found


def _wait(route: Route, condition: str) -> str:
    kind = condition.removeprefix("service_").partition("_")[0] or "started"
    words = f"{route.service} waits for {route.needs}: {condition or 'service_started'}"
    return edge(route, kind, words)


def edge(route: Route, kind: str, words: str, *, wide: bool = False) -> str:
    """Return an arrow, with words for who points at it; a `wide` one is easier to hit."""
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
    return (f'<path class="hit" d="{path}"/>' if wide else "") + (
        f'<path class="edge {escaped(kind)}" d="{path}" marker-{end}="url(#tip)"'
        f' data-a="{escaped(route.service)}" data-b="{escaped(route.needs)}">'
        f"<title>{escaped(words)}</title></path>"
    )


def _published(card: ServiceCard) -> str:
    return " ".join(port.rpartition("→")[0].rpartition(":")[2] for port in card.ports[:3])


def box(card: ServiceCard, n: int, drawing: Drawing, right: str) -> str:
    """Return the box of the service with card `n`; `right` stands in its lower right corner."""
    at = drawing.boxes[card.name]
    state = card.worst.value if card.worst else "fine"
    second = card.image.rpartition("/")[2] or ("built here" if card.built else "")
    known = (card.name, card.image, *([card.state] if card.state else ()))
    title = "\n".join(map(escaped, known))
    mark = _MARKS[card.worst] + (f" {card.touched}" if card.touched > 1 else "")
    right = cut(right, _letters(WIDTH - 70, SMALL))
    name = cut(card.name, _letters(WIDTH - 34 - SMALL * len(mark), LARGE))
    below = cut(second, _letters(WIDTH - 34 - SMALL * len(right), SMALL))
    lines = [
        f'<a class="box {state}" href="#service-{n}" data-name="{escaped(card.name)}">',
        f"<title>{title}</title>",
        f'<g transform="translate({number(at.x)} {number(at.y)})">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="7"/>',
        f'<path class="bar" d="M4 0h2v{HEIGHT}h-2a4 4 0 0 1 -4 -4v-{HEIGHT - 8}a4 4 0 0 1 4 -4z"/>',
        f'<text class="name" x="16" y="23">{escaped(name)}</text>',
        f'<text class="mark" x="{WIDTH - 10}" y="23">{mark}</text>',
        f'<text class="image" x="16" y="42">{escaped(below)}</text>',
    ]
    if right:
        lines.append(f'<text class="port" x="{WIDTH - 10}" y="42">{escaped(right)}</text>')
    return "".join([*lines, "</g></a>"])


def _letters(room: float, width: float) -> int:
    return max(4, int(room / width))


def cut(text: str, letters: int) -> str:
    """Return `text`, shortened in its middle to so many letters."""
    if len(text) <= letters:
        return text
    head = (letters - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (letters - 1 - head) :]}"


def number(value: float) -> str:
    """Return a number of pixels as it is written."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
