"""Stack -> who talks to whom, for the page: a graph, a table where there are too many lines.

A line and a cell lead to the row with the places that made them.
"""

from __future__ import annotations

from collections.abc import Sequence

from bootready.model.finding import Severity
from bootready.report.excerpt import place
from bootready.report.formats.text import Source
from bootready.report.project.drawing import MARGIN, box, edge, names_of, opened
from bootready.report.project.layout import lay_out
from bootready.report.project.letters import shortened
from bootready.report.project.pictures import service_node
from bootready.report.project.view import Stack
from bootready.report.shown import escaped
from bootready.report.talks import Talk, spoken

LINES = 30
"""Lines of a graph that can be told apart; more become a table."""
ROOM = 240
"""Pixels for a name in the head of the table."""
_SIGNS = {Severity.ERROR: "✕", Severity.WARNING: "!"}
_SAID = {Severity.ERROR: "an error", Severity.WARNING: "a warning"}


def talking(stack: Stack, source: Source, numbers: dict[str, int]) -> list[str]:
    """Return the section of the page, [] where nobody talks; `numbers` are those of the cards."""
    if not stack.talks:
        return []
    worst = [_worst(talk, stack) for talk in stack.talks]
    drawn = _graph(stack, worst) if len(stack.talks) <= LINES else _table(stack, worst, numbers)
    return [
        '<h2 id="talks">Who talks to whom</h2>',
        '<div class="panel" id="talking"><div class="graph">',
        *drawn,
        "</div>",
        *_legend(worst, lines=len(stack.talks) <= LINES),
        "</div>",
        *_addresses(stack, source, numbers),
    ]


def _worst(talk: Talk, stack: Stack) -> Severity | None:
    """Return the gravest of what was found where the addresses are written, notes left out."""
    places = {at.span for _, at in talk.places}
    found = [
        one.severity
        for one in stack.verdict.apart or stack.verdict.findings
        if one.severity in _SIGNS and one.primary is not None and one.primary.span in places
    ]
    return min(found, key=lambda one: one.rank, default=None)


def _words(talk: Talk, worst: Severity | None) -> str:
    said = spoken(talk)
    words = f"{talk.service} talks to {talk.target}" + (f": {said}" if said else "")
    return f"{words}; {_SAID[worst]} is reported for it" if worst else words


def _graph(stack: Stack, worst: Sequence[Severity | None]) -> list[str]:
    names = {name for talk in stack.talks for name in (talk.service, talk.target)}
    cards = [(n, card) for n, card in enumerate(stack.cards, 1) if card.name in names]
    # Who asks stands on the left: the layout calls it what the other one needs.
    pairs = {(talk.target, talk.service): row for row, talk in enumerate(stack.talks)}
    drawing = lay_out([card.name for _, card in cards], pairs)
    label = f"services of {stack.project} and whom they talk to"
    parts = list(opened(drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN, label, MARGIN))
    routes = [(route, pairs[route.service, route.needs]) for route in drawing.routes]
    for route, row in sorted(routes, key=lambda one: worst[one[1]] is not None):
        grave = worst[row]  # those that are marked are drawn last, above the others
        kind = f"talks {grave.value}" if grave else "talks"
        drawn = edge(route, kind, [_words(stack.talks[row], grave)], wide=True)
        parts.append(f'<a href="#talk-{row + 1}">{drawn}</a>')
    names_shown = names_of([card.name for card in stack.cards])
    nodes = [service_node(card, n, _asked(card.name, stack.talks)) for n, card in cards]
    parts += [box(node, drawing.boxes[node.key], names_shown) for node in nodes]
    return [*parts, "</g></svg>"]


def _asked(name: str, talks: Sequence[Talk]) -> str:
    """Return what a service is asked for, for its box: ``postgres 5432``."""
    mine = [talk for talk in talks if talk.target == name]
    protocols = dict.fromkeys(talk.protocol for talk in mine if talk.protocol)
    ports = dict.fromkeys(str(port) for talk in mine for port in talk.ports)
    return " ".join([*list(protocols)[:1], *list(ports)[:2], *("…" for _ in list(ports)[2:3])])


def _table(stack: Stack, worst: Sequence[Severity | None], numbers: dict[str, int]) -> list[str]:
    rows = {(talk.service, talk.target): row for row, talk in enumerate(stack.talks)}
    asked = {talk.target: 0 for talk in stack.talks}
    for talk in stack.talks:
        asked[talk.target] += 1
    order = [card.name for card in stack.cards]
    servers = sorted(asked, key=lambda name: (-asked[name], order.index(name)))
    clients = [name for name in order if any(talk.service == name for talk in stack.talks)]
    short = shortened(order, ROOM)
    head = "".join(
        _head(name, short[name], _asked(name, stack.talks), numbers[name]) for name in servers
    )
    parts = ['<table class="matrix">', f"<thead><tr><td></td>{head}</tr></thead><tbody>"]
    for name in clients:
        cells = []
        for server in servers:
            row = rows.get((name, server))
            cells.append("<td></td>" if row is None else _cell(row, stack.talks[row], worst[row]))
        link = f'<a href="#service-{numbers[name]}">{escaped(short[name])}</a>'
        shown = f'<th scope="row" title="{escaped(name)}">{link}</th>'
        parts.append(f"<tr>{shown}{''.join(cells)}</tr>")
    return [*parts, "</tbody></table>"]


def _head(name: str, short: str, asked: str, card: int) -> str:
    link = f'<a href="#service-{card}">{escaped(short)}</a>'
    return (
        f'<th scope="col" title="{escaped(name)}"><span>{link}'
        f" <small>{escaped(asked)}</small></span></th>"
    )


def _cell(row: int, talk: Talk, worst: Severity | None) -> str:
    sign = _SIGNS[worst] if worst else "●"
    kind = f' class="mark-{worst.value}"' if worst else ""
    words = escaped(_words(talk, worst))
    return f'<td{kind}><a href="#talk-{row + 1}" title="{words}">{sign}</a></td>'


def _legend(worst: Sequence[Severity | None], *, lines: bool) -> list[str]:
    way = "an arrow leads from who asks to who answers" if lines else "rows ask, columns answer"
    said = [f"{way}; select {'a line' if lines else 'a sign'} for its addresses"]
    for severity in dict.fromkeys(one for one in worst if one):
        line = f'<path class="edge {severity.value}" d="M0 5H34"/></svg>'
        line = f'<svg viewBox="0 0 34 10" aria-hidden="true">{line}'
        sign = line if lines else f"{_SIGNS[severity]} "
        said.append(f"{sign}{_SAID[severity]} is reported for the address")
    spans = "".join(f'<span class="soft small">{words}</span>' for words in said)
    return [f'<div class="legend">{spans}</div>']


def _addresses(stack: Stack, source: Source, numbers: dict[str, int]) -> list[str]:
    parts = [
        "<details><summary>the addresses</summary>",
        '<div class="panel scroll"><table>',
        "<tr><th>service</th><th>talks to</th><th>how</th><th>because of</th></tr>",
    ]
    for row, talk in enumerate(stack.talks, 1):
        who, whom = (
            f'<a href="#service-{numbers[name]}">{escaped(name)}</a>'
            for name in (talk.service, talk.target)
        )
        why = "<br>".join(
            escaped(f"{words} ({place(at.span, source.directory, column=False)})")
            for words, at in talk.places
        )
        parts.append(
            f'<tr id="talk-{row}"><td>{who}</td><td>{whom}</td><td>{escaped(spoken(talk))}</td>'
            f"<td>{why}</td></tr>"
        )
    return [*parts, "</table></div></details>"]
