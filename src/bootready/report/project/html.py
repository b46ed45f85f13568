"""Stack -> one self-contained HTML page: no network, no time, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable

from bootready.model.finding import Severity
from bootready.report.formats.following import following
from bootready.report.formats.text import Source, is_ready, verdict_line
from bootready.report.project.cards import cards
from bootready.report.project.clusters import clusters_of
from bootready.report.project.collect import grave
from bootready.report.project.findings import findings
from bootready.report.project.graph import graph
from bootready.report.project.parts import part
from bootready.report.project.style import page_style
from bootready.report.project.talking import talking
from bootready.report.project.view import Stack
from bootready.report.shown import escaped
from bootready.typed import NamedTuple

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""The page may load nothing, whatever a project's names hold."""

CHECKED = "check says:"
"""Beside a boot, what stands of its files is not how it went."""


class Live(NamedTuple):
    """What a page has beyond the still one; who serves it says what it may load."""

    section: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    below: str = ""
    """What stands below the graph."""


def render_html(stack: Stack, source: Source, *, by: str = "auto", live: Live | None = None) -> str:
    """Return the page; places are shown from `source`, with the values of secrets masked.

    `by` is what the graph is grouped by, as `clusters_of` takes it.
    """
    numbers = {card.name: n for n, card in enumerate(stack.cards, 1)}
    head, order = _head(stack, source, live=live is not None), graph(stack, clusters_of(stack, by))
    body = [
        *([live.section, *order, live.below, *head] if live else [*head, *order]),
        *talking(stack, source, numbers),
        *findings(stack, source, numbers),
        *cards(stack, numbers),
        *_resources(stack),
        *_looked_at(stack),
    ]
    return page(stack.project, body, live=live)


def page_script() -> str:
    """Return what the page does beyond what it does without a script.

    Without it the link of a group leads to the picture of every service, which the style sheet
    shows as the target.
    """
    return "".join(part(__package__, name) for name in ("layout.js", "groups.js", "page.js"))


def page(
    title: str, body: Iterable[str], *, scripted: bool = True, live: Live | None = None
) -> str:
    """Return a whole page of `body`, which is markup; its style and script are within it."""
    styles = (page_style(), *(live.styles if live else ()))
    scripts = (page_script(), *(live.scripts if live else ())) if scripted else ()
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            *([] if live else [f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">']),
            f"<title>{escaped(title)} · bootready</title>",
            f"{''.join(f'<style>{one}</style>' for one in styles)}</head>",
            "<body><main>",
            *body,
            "</main>",
            *(f"<script>{one}</script>" for one in scripts),
            "</body></html>",
            "",
        ]
    )


def _head(stack: Stack, source: Source, *, live: bool) -> list[str]:
    ready = is_ready(stack.verdict, source.failing)
    words = "Ready to boot" if ready else "Not ready to boot"
    words = f"{CHECKED} {words.lower()}" if live else words
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
        f'<p class="soft">{escaped(line)}</p></div>',
        *_next(stack, source),
        "</header>",
        '<div class="tiles">',
        *(
            f'<div class="tile {kind}"><b>{number}</b>{word}{"" if number == 1 else "s"}</div>'
            for kind, number, word in tiles
        ),
        "</div>",
    ]


def _next(stack: Stack, source: Source) -> list[str]:
    """Return what to do next, with its command to copy."""
    step = following(stack.verdict, source)
    number = {"prepare": step.prepare, "prepare --outside": step.outside, "fix": step.fix}
    words, command = "Next: boot it", "bootready up"
    if step.command:
        words = f"Next: this repairs {number[step.command]} of {step.total}"
        command = f"bootready {step.command}"
        others = [f"{name} {count}" for name, count in number.items() if count]
        words = "; ".join([words, *others[1:]])
        if step.left:
            words += f"; {step.left} {'is' if step.left == 1 else 'are'} left to you"
    elif step.stops:
        noun = "finding is" if step.left == 1 else "findings are"
        link = f'<a class="button" href="#findings">Next: {step.left} {noun} left to you</a>'
        return [f'<div class="next">{link}</div>']
    return [
        f'<div class="next"><span class="soft small">{words}</span>',
        f'<span class="command"><code>{command}</code>',
        '<button type="button" class="copy" hidden>copy</button></span></div>',
    ]


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
