"""Stack -> its graph as inline SVG: boxes in boot order, arrows from what starts before."""

from __future__ import annotations

from bootready.model.finding import Severity
from bootready.report.project.layout import HEIGHT, WIDTH, Drawing, Route, lay_out
from bootready.report.project.view import ServiceCard, Stack
from bootready.report.shown import escaped

MARGIN, TOP = 10, 34

_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
    ' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>'
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
        f'<svg viewBox="0 0 {_n(width)} {_n(height)}" role="img" aria-label="{escaped(words)}"',
        f' style="--natural:{_n(width)}px">',
        _TIP,
        f'<g transform="translate({MARGIN} {TOP})">',
        *_headings(drawing),
        *(_edge(route, kinds.get((route.service, route.needs), "")) for route in drawing.routes),
        *(_box(card, number, drawing) for number, card in enumerate(stack.cards, 1)),
        "</g></svg>",
    ]
    return "\n".join(parts)


def draw_talks(stack: Stack) -> str:
    """Return the graph of who talks to whom; an edge links to the row with its places."""
    names = {name for talk in stack.talks for name in (talk.service, talk.target)}
    cards = [card for card in stack.cards if card.name in names]
    numbers = {card.name: number for number, card in enumerate(stack.cards, 1)}
    # Who asks stands on the left: the layout calls it what the other one needs.
    drawing = lay_out([one.name for one in cards], [(t.target, t.service) for t in stack.talks])
    rows = {(talk.service, talk.target): row for row, talk in enumerate(stack.talks, 1)}
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    words = f"services of {stack.project} and whom they talk to"
    edges = []
    for route in drawing.routes:
        row = rows[route.needs, route.service]
        said = f"{route.needs} talks to {route.service}"
        edges.append(f'<a href="#talk-{row}">{_path(route, "healthy", said)}</a>')
    return "\n".join(
        [
            f'<svg viewBox="0 0 {_n(width)} {_n(height)}" role="img" aria-label="{escaped(words)}"',
            f' style="--natural:{_n(width)}px"><g transform="translate({MARGIN} {MARGIN})">',
            *edges,
            *(_box(card, numbers[card.name], drawing) for card in cards),
            "</g></svg>",
        ]
    )


def _headings(drawing: Drawing) -> list[str]:
    found = []
    for index, x in enumerate(drawing.columns):
        words = "starts first" if index == 0 else f"then · {index + 1}"
        found.append(f'<text class="heading" x="{_n(x)}" y="-14">{words}</text>')
    if drawing.alone_top or not drawing.columns:
        y = drawing.alone_top - 14
        words = "independent: no dependencies, and no service depends on them"
        found.append(f'<text class="heading" x="0" y="{_n(y)}">{words}</text>')
    return found


def _edge(route: Route, condition: str) -> str:
    kind = condition.removeprefix("service_").partition("_")[0] or "started"
    words = f"{route.service} waits for {route.needs}: {condition or 'service_started'}"
    return _path(route, kind, words)


def _path(route: Route, kind: str, words: str) -> str:
    (x, y), *rest = route.points
    path = f"M{_n(x)} {_n(y)}"
    for number, (next_x, next_y) in enumerate(rest):
        if number % 2 and next_y == y:
            path += f"L{_n(next_x)} {_n(next_y)}"
        else:
            middle = (x + next_x) / 2
            path += f"C{_n(middle)} {_n(y)} {_n(middle)} {_n(next_y)} {_n(next_x)} {_n(next_y)}"
        x, y = next_x, next_y
    return (
        f'<path class="edge {escaped(kind)}" d="{path}" marker-end="url(#tip)"'
        f' data-a="{escaped(route.service)}" data-b="{escaped(route.needs)}">'
        f"<title>{escaped(words)}</title></path>"
    )


def _box(card: ServiceCard, number: int, drawing: Drawing) -> str:
    box = drawing.boxes[card.name]
    state = card.worst.value if card.worst else "fine"
    second = card.image.rpartition("/")[2] or ("built here" if card.built else "")
    ports = " ".join(port.rpartition("→")[0].rpartition(":")[2] for port in card.ports[:3])
    known = (card.name, card.image, *([card.state] if card.state else ()))
    title = "\n".join(map(escaped, known))
    mark = _MARKS[card.worst] + (f" {card.touched}" if card.touched > 1 else "")
    room = WIDTH - 34 - 9 * len(mark)
    below = _cut(second, WIDTH - 30 - 7.5 * len(ports), 6.6)
    lines = [
        f'<a class="box {state}" href="#service-{number}" data-name="{escaped(card.name)}">',
        f"<title>{title}</title>",
        f'<g transform="translate({_n(box.x)} {_n(box.y)})">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="7"/>',
        f'<path class="bar" d="M4 0h2v{HEIGHT}h-2a4 4 0 0 1 -4 -4v-{HEIGHT - 8}a4 4 0 0 1 4 -4z"/>',
        f'<text class="name" x="16" y="23">{escaped(_cut(card.name, room, 8.4))}</text>',
        f'<text class="mark" x="{WIDTH - 10}" y="23">{mark}</text>',
        f'<text class="image" x="16" y="42">{escaped(below)}</text>',
    ]
    if ports:
        lines.append(f'<text class="port" x="{WIDTH - 10}" y="42">{escaped(ports)}</text>')
    return "".join([*lines, "</g></a>"])


def _cut(text: str, room: float, per_letter: float) -> str:
    """Return `text`, shortened in its middle to what fits into `room` pixels."""
    fits = max(4, int(room / per_letter))
    if len(text) <= fits:
        return text
    head = (fits - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (fits - 1 - head) :]}"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
