"""Stack -> one self-contained HTML page: no network, no time, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bootready.model.finding import Finding, Severity
from bootready.report.excerpt import excerpt, place
from bootready.report.formats.text import PLACES, Source, is_ready, verdict_line
from bootready.report.project.collect import grave
from bootready.report.project.drawing import draw
from bootready.report.project.style import SCRIPT, STYLE
from bootready.report.project.talking import talking
from bootready.report.project.view import Group, ServiceCard, Stack
from bootready.report.shown import escaped

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""The page may load nothing, whatever a project's names hold."""

_MARKS = {Severity.ERROR: "✕", Severity.WARNING: "!", Severity.NOTE: "i"}

MANY = 6
"""Of more findings of one service the rest is folded away."""
FEW = 6
"""Service cards below which a filter is of no use."""


def render_html(stack: Stack, source: Source) -> str:
    """Return the page; places are shown from `source`, with the values of secrets masked."""
    numbers = {card.name: n for n, card in enumerate(stack.cards, 1)}
    body = [
        *_head(stack, source),
        *_graph(stack),
        *talking(stack, source, numbers),
        *_findings(stack, source, numbers),
        *_services(stack, numbers),
        *_resources(stack),
        *_looked_at(stack),
    ]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f"<title>{escaped(stack.project)} · bootready</title>",
            f"<style>{STYLE}</style></head>",
            "<body><main>",
            *body,
            "</main>",
            f"<script>{SCRIPT}</script></body></html>",
            "",
        ]
    )


def _head(stack: Stack, source: Source) -> list[str]:
    ready = is_ready(stack.verdict, source.failing)
    words = "Ready to boot" if ready else "Not ready to boot"
    line = verdict_line(stack.verdict, source.failing).partition("; ")[2]
    grades = [(severity.value, grave(stack, severity), severity.value) for severity in Severity]
    tiles = [
        ("", len(stack.cards), "service"),
        *((kind if number else "", number, word) for kind, number, word in grades),
        ("", sum(len(card.ports) for card in stack.cards), "published port"),
        ("", len({name for card in stack.cards for name in card.secrets}), "secret"),
    ]
    return [
        f'<header class="verdict {"ready" if ready else "not"}">',
        f'<span class="sign" aria-hidden="true">{"✓" if ready else "✕"}</span><div>',
        f'<h1>{escaped(stack.project)} <span class="soft">{words}</span></h1>',
        f'<p class="soft">{escaped(line)}</p></div></header>',
        '<div class="tiles">',
        *(
            f'<div class="tile {kind}"><b>{number}</b>{word}{"" if number == 1 else "s"}</div>'
            for kind, number, word in tiles
        ),
        "</div>",
    ]


def _graph(stack: Stack) -> list[str]:
    if not stack.cards:
        return ["<h2>Services</h2>", '<p class="soft">No service is selected.</p>']
    legend = [
        f'<span class="soft small"><svg viewBox="0 0 34 10"><path class="edge {kind}"'
        f' d="M0 5H34"/></svg>{words}</span>'
        for kind, words in (
            ("healthy", "after it is healthy"),
            ("started", "after it has started"),
            ("completed", "after it has exited with 0"),
        )
        if any(edge.condition.startswith(f"service_{kind}") for edge in stack.edges)
    ]
    return [
        "<h2>Boot order</h2>",
        '<div class="panel"><div class="graph" tabindex="0">',
        draw(stack),
        "</div>",
        *(['<div class="legend">', *legend, "</div>"] if legend else []),
        "</div>",
    ]


def _findings(stack: Stack, source: Source, numbers: dict[str, int]) -> list[str]:
    if not stack.groups:
        return ["<h2>Findings</h2>", '<p class="soft">None.</p>']
    cards = {card.name: card for card in stack.cards}
    parts = ["<h2>Findings by service</h2>"]
    for group in stack.groups:
        parts += _group(group, cards.get(group.service), source, numbers)
    return parts


def _group(
    group: Group, card: ServiceCard | None, source: Source, numbers: dict[str, int]
) -> list[str]:
    if card is None:
        name = '<h3>Project</h3><span class="soft small">secrets, networks, files</span>'
    else:
        place_words = f'<span class="soft small mono">{escaped(card.place)}</span>'
        name = f'<h3><a href="#service-{numbers[card.name]}">{escaped(card.name)}</a></h3>'
        name += place_words
    return [
        '<section class="panel service">',
        f'<div class="head">{name}</div>',
        *(text for finding in group.findings[:MANY] for text in _finding(finding, source)),
        *_rest(group.findings[MANY:], source),
        "</section>",
    ]


def _rest(findings: Sequence[Finding], source: Source) -> list[str]:
    if not findings:
        return []
    inside = [text for finding in findings for text in _finding(finding, source)]
    return [f"<details><summary>{len(findings):,} more</summary>", *inside, "</details>"]


def _finding(finding: Finding, source: Source) -> list[str]:
    kind = finding.severity.value
    message = finding.brief or finding.message
    word = f'<span class="word">{_MARKS[finding.severity]} {kind}</span>'
    name = f"<code>{escaped(finding.check_id)}</code>"
    parts = [f'<div class="finding {kind}">', f"<p>{word} {escaped(message)} {name}</p>"]
    if finding.primary is not None:
        where = place(finding.primary.span, source.directory)
        parts.append(f'<p class="soft small mono">{escaped(where)}</p>')
        text = source.texts.get(finding.primary.span.file)
        lines = excerpt(finding.primary, text)[1:] if text is not None else []
        if lines:
            parts.append(f"<pre>{chr(10).join(map(escaped, lines))}</pre>")
    if finding.consequence:
        parts.append(f"<p>{escaped(finding.consequence)}</p>")
    parts += _elsewhere(finding, source)
    if finding.hint:
        hint = escaped(finding.hint)
        parts.append(f'<p><span class="soft">hint</span> {hint}</p>')
    if finding.remedy is not None:
        edits = {type(action).__name__ for action in finding.remedy.actions}
        verb = "fix" if edits & {"EditFile", "AppendLines"} else "prepare"
        parts.append(
            f'<p class="remedy">→ <code>bootready {verb}</code> {escaped(finding.remedy.title)}</p>'
        )
    return [*parts, "</div>"]


def _elsewhere(finding: Finding, source: Source) -> list[str]:
    words = []
    if finding.places > 1:
        words.append(f"{finding.places:,} places")
    for where in finding.related[:PLACES]:
        label = where.label or "also"
        words.append(f"{label} ({place(where.span, source.directory, column=False)})")
    if not words:
        return []
    return [f'<p class="soft small">{escaped("; ".join(words))}</p>']


def _services(stack: Stack, numbers: dict[str, int]) -> list[str]:
    needs: dict[str, list[str]] = {}
    for edge in stack.edges:
        needs.setdefault(edge.service, []).append(edge.needs)
    parts = ["<h2>Services</h2>"]
    if len(stack.cards) > FEW:
        parts.append(
            '<input id="filter" type="search" placeholder="filter by name, image, port, network"'
            ' aria-label="filter the services">'
        )
    for card in stack.cards:
        parts += _service(card, numbers, needs.get(card.name, []))
    if stack.disabled:
        names = ", ".join(f"<code>{escaped(name)}</code>" for name in stack.disabled)
        parts.append(f'<p class="soft">Not selected, because of their profiles: {names}</p>')
    return parts


def _service(card: ServiceCard, numbers: dict[str, int], needs: list[str]) -> list[str]:
    words = {"own": "has a healthcheck", "disabled": "healthcheck disabled", "": ""}
    tags = [
        *(f"port {port}" for port in card.ports),
        *(f"network {name}" for name in card.networks),
        *(f"secret {name}" for name in card.secrets),
        words[card.healthcheck],
        f"restart {card.restart}" if card.restart else "",
        f"user {card.user}" if card.user else "",
    ]
    text = " ".join([card.name, card.image, *filter(None, tags), *card.volumes, *needs]).lower()
    image = card.image or ("built here" if card.built else "")
    number = numbers[card.name]
    parts = [
        f'<section class="panel service" id="service-{number}" data-text="{escaped(text)}">',
        f'<div class="head">{_mark(card.worst)}<h3>{escaped(card.name)}</h3>',
        f'<span class="mono">{escaped(image)}</span>',
        f'<span class="soft small mono">{escaped(card.place)}</span></div>',
        f'<div class="tags">{_state(card.state)}',
        *(f'<span class="tag">{escaped(tag)}</span>' for tag in tags if tag),
        "</div>",
    ]
    if needs:
        links = ", ".join(f'<a href="#service-{numbers[n]}">{escaped(n)}</a>' for n in needs)
        parts.append(f'<p class="small"><span class="soft">waits for</span> {links}</p>')
    if card.volumes:
        items = "<br>".join(escaped(volume) for volume in card.volumes)
        parts.append(f'<p class="small mono soft">{items}</p>')
    return [*parts, "</section>"]


def _mark(severity: Severity | None) -> str:
    if severity is None:
        return '<span class="mark-fine" title="nothing found">✓</span>'
    word = severity.value
    return f'<span class="mark-{word}" title="{word}">{_MARKS[severity]} {word}</span>'


def _state(state: str) -> str:
    if not state:
        return ""
    kind = "up" if state.endswith("running") and "," not in state else "down"
    return f'<span class="tag {kind}">now: {escaped(state)}</span>'


def _resources(stack: Stack) -> list[str]:
    rows = [
        (name, port.partition("→")[0], port.partition("→")[2])
        for name, port in ((card.name, port) for card in stack.cards for port in card.ports)
    ]
    parts: list[str] = []
    if rows:
        parts += ["<h2>Published ports</h2>", *_table(("service", "host", "container"), rows)]
    users: dict[str, list[str]] = {}
    for card in stack.cards:
        for secret in card.secrets:
            users.setdefault(secret, []).append(card.name)
    if users:
        named = [(secret, ", ".join(dict.fromkeys(names))) for secret, names in users.items()]
        parts += ["<h2>Secrets</h2>", *_table(("secret", "read by"), named)]
    return parts


def _looked_at(stack: Stack) -> list[str]:
    verdict = stack.verdict
    parts = ["<h2>What was examined</h2>"]
    if verdict.skipped:
        rows = [(one.check_id, one.reason) for one in verdict.skipped]
        parts += [
            "<p>These checks were skipped:</p>",
            *_table(("check", "why it was skipped"), rows),
        ]
    if verdict.silenced:
        silent = [(one.check_id, one.message) for one in verdict.silenced]
        parts += ["<p>Silenced by the project:</p>", *_table(("check", "finding"), silent)]
    files = "<br>".join(escaped(path) for path in stack.files)
    parts += [
        f'<p class="small mono soft">{files}</p>',
        "<footer>Generated by <code>bootready report</code>; it loads nothing.</footer>",
    ]
    return parts


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    head = "".join(f"<th>{title}</th>" for title in titles)
    body = ["<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return ['<div class="panel scroll"><table>', f"<tr>{head}</tr>", *body, "</table></div>"]
