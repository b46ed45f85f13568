"""Services of a stack -> their cards on the page: what they are, and who is around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bootready.model.finding import Severity
from bootready.report.project.graph import FEW
from bootready.report.project.pictures import MARKS
from bootready.report.project.view import ServiceCard, Stack
from bootready.report.shown import escaped
from bootready.report.talks import spoken

SHOWN = 12
"""Of more neighbours of a service the rest is folded away."""
_CONDITIONS = {
    "service_healthy": "healthy",
    "service_started": "started",
    "service_completed_successfully": "completed",
}

Neighbours = dict[str, list[tuple[str, str]]]
"""How others are related to a service -> their names, each with a word about it, or ''."""


def cards(stack: Stack, numbers: dict[str, int]) -> list[str]:
    """Return the section of the page; `numbers` are those of the cards."""
    parts = ['<h2 id="services">Services</h2>']
    if len(stack.cards) > FEW:
        parts.append(
            '<input id="filter" type="search" placeholder="filter by name, image, port, network"'
            ' aria-label="filter the services">'
        )
    near = neighbours(stack)
    for card in stack.cards:
        parts += _card(card, numbers, near[card.name])
    if stack.disabled:
        names = ", ".join(f"<code>{escaped(name)}</code>" for name in stack.disabled)
        parts.append(f'<p class="soft">Not selected, because of their profiles: {names}</p>')
    return parts


def neighbours(stack: Stack) -> dict[str, Neighbours]:
    """Return who is around each service, in the order of the project."""
    found: dict[str, Neighbours] = {card.name: {} for card in stack.cards}
    for edge in stack.edges:
        word = _CONDITIONS.get(edge.condition, "")
        found[edge.service].setdefault("waits for", []).append((edge.needs, word))
        found[edge.needs].setdefault("is waited for by", []).append((edge.service, word))
    for talk in stack.talks:
        found[talk.service].setdefault("talks to", []).append((talk.target, spoken(talk)))
        found[talk.target].setdefault("is asked by", []).append((talk.service, spoken(talk)))
    return found


def _card(card: ServiceCard, numbers: dict[str, int], near: Neighbours) -> list[str]:
    words = {"own": "has a healthcheck", "disabled": "healthcheck disabled", "": ""}
    tags = [
        *(f"port {port}" for port in card.ports),
        *(f"network {name}" for name in card.networks),
        *(f"secret {name}" for name in card.secrets),
        words[card.healthcheck],
        f"restart {card.restart}" if card.restart else "",
        f"user {card.user}" if card.user else "",
    ]
    image = card.image or ("built here" if card.built else "")
    known = f'data-name="{escaped(card.name)}"'
    parts = [
        f'<section class="panel service" id="service-{numbers[card.name]}" {known}>',
        f'<div class="head">{_mark(card.worst)}<h3>{escaped(card.name)}</h3>',
        f'<span class="mono">{escaped(image)}</span>',
        f'<span class="soft small mono">{escaped(card.place)}</span></div>',
        f'<div class="tags">{_state(card.state)}',
        *(f'<span class="tag">{escaped(tag)}</span>' for tag in tags if tag),
        "</div>",
    ]
    if near:
        parts += ['<div class="around">', *_around(near, numbers), "</div>"]
    if card.volumes:
        items = "<br>".join(escaped(volume) for volume in card.volumes)
        parts.append(f'<p class="small mono soft">{items}</p>')
    return [*parts, "</section>"]


def _around(near: Neighbours, numbers: dict[str, int]) -> Iterable[str]:
    for relation, others in near.items():
        words = f'<span class="soft">{relation}</span> '
        shown, rest = _links(others[:SHOWN], numbers), others[SHOWN:]
        more = f" <details><summary>{len(rest)} more</summary>{_links(rest, numbers)}</details>"
        yield f'<div class="small">{words}{shown}{more if rest else ""}</div>'


def _links(others: Sequence[tuple[str, str]], numbers: dict[str, int]) -> str:
    """Return the names, and after those of which the same is said, what that is."""
    said: dict[str, list[str]] = {}
    for name, word in others:
        link = f'<a href="#service-{numbers[name]}">{escaped(name)}</a>'
        said.setdefault(word, []).append(link)
    return "; ".join(
        ", ".join(links) + (f' <span class="soft">({escaped(word)})</span>' if word else "")
        for word, links in said.items()
    )


def _mark(severity: Severity | None) -> str:
    if severity is None:
        return '<span class="mark-fine" title="nothing found">✓</span>'
    word = severity.value
    return f'<span class="mark-{word}" title="{word}">{MARKS[severity]} {word}</span>'


def _state(state: str) -> str:
    if not state:
        return ""
    kind = "up" if state.endswith("running") and "," not in state else "down"
    return f'<span class="tag {kind}">now: {escaped(state)}</span>'
