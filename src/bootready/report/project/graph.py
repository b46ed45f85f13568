"""Stack -> the graph of the page: its pictures, the search, and the same as a list for phones."""

from __future__ import annotations

from collections.abc import Sequence

from bootready.report.project.clusters import Cluster
from bootready.report.project.drawing import TIP
from bootready.report.project.layout import ranks_of
from bootready.report.project.pictures import KINDS, MARKS, Picture, kind_of, pictures
from bootready.report.project.view import ServiceCard, Stack
from bootready.report.shown import escaped

FEW = 6
"""Services below which a search is of no use."""
_FIND = (
    '<input id="find" type="search" placeholder="find a service" spellcheck="false"'
    ' aria-label="find a service in the graph" autocomplete="off">'
)


def graph(stack: Stack, clusters: Sequence[Cluster]) -> list[str]:
    """Return the section of the page about the order of the boot."""
    if not stack.cards:
        return ["<h2>Services</h2>", '<p class="soft">No service is selected.</p>']
    shown = pictures(stack, clusters)
    return [
        '<h2 id="boot-order">Boot order</h2>',
        '<div class="panel" id="graph">',
        # In a picture that is hidden a browser would not find it for the others.
        f'<svg class="tips" aria-hidden="true">{TIP}</svg>',
        *_tools(stack, shown),
        '<div class="views">',
        *(line for picture in shown for line in _view(picture)),
        "</div>",
        *_steps(stack),
        '<div id="focus" aria-live="polite" hidden></div>',
        *_legend(stack),
        "</div>",
    ]


def _tools(stack: Stack, shown: Sequence[Picture]) -> list[str]:
    if len(stack.cards) < FEW:
        return []
    links = []
    if len(shown) > 1:
        links = [
            '<span class="switch" role="group" aria-label="what the graph shows">',
            f'<a href="#view-{shown[0].key}">groups</a>',
            f'<a href="#view-{shown[-1].key}">all {len(stack.cards)} services</a></span>',
        ]
    return [
        '<div class="tools">',
        _FIND,
        *links,
        '<span id="found" role="status"></span></div>',
    ]


def _view(picture: Picture) -> list[str]:
    return [
        f'<div class="view" id="view-{picture.key}"><div class="graph">',
        picture.svg,
        "</div></div>",
    ]


def _steps(stack: Stack) -> list[str]:
    """Return the services in the order in which they start, as a list that fits everywhere."""
    ranks = ranks_of(
        [card.name for card in stack.cards], [(edge.service, edge.needs) for edge in stack.edges]
    )
    steps: dict[int, list[tuple[int, ServiceCard]]] = {}
    for n, card in enumerate(stack.cards, 1):
        steps.setdefault(ranks[card.name], []).append((n, card))
    parts = ['<ol class="steps">']
    for rank, members in sorted(steps.items()):
        words = "starts first" if rank == 0 else f"then · {rank + 1}"
        number = f"{len(members)} service{'' if len(members) == 1 else 's'}"
        parts.append(f'<li><p class="soft small">{words}, {number}</p>')
        for n, card in members:
            state = card.worst.value if card.worst else "fine"
            parts.append(
                f'<a class="chip {state}" href="#service-{n}" data-name="{escaped(card.name)}">'
                f'<span class="mark-{state}">{MARKS[card.worst]}</span> {escaped(card.name)}</a>'
            )
        parts.append("</li>")
    return [*parts, "</ol>"]


def _legend(stack: Stack) -> list[str]:
    kinds = {kind_of(edge) for edge in stack.edges}
    said = [
        f'<span class="soft small"><svg viewBox="0 0 34 10" aria-hidden="true">'
        f'<path class="edge {kind}" d="M0 5H34"/></svg>{words}</span>'
        for kind, words in KINDS.items()
        if kind in kinds
    ]
    return ['<div class="legend">', *said, "</div>"] if said else []
