"""Findings of a stack -> their part of the page: by service, each place once, the code marked."""

from __future__ import annotations

from collections.abc import Sequence

from bootready.model.finding import Finding
from bootready.model.position import Location, Span
from bootready.report.excerpt import excerpt, place
from bootready.report.formats.text import PLACES, Source, command_of
from bootready.report.project.pictures import MARKS
from bootready.report.project.view import Group, Stack
from bootready.report.shown import escaped

MANY = 6
"""Of more findings of one service the rest is folded away."""


def findings(stack: Stack, source: Source, numbers: dict[str, int]) -> list[str]:
    """Return the section of the page; `numbers` are those of the cards."""
    if not stack.groups:
        return ['<h2 id="findings">Findings</h2>', '<p class="soft">None.</p>']
    parts = ['<h2 id="findings">Findings by service</h2>']
    for group in stack.groups:
        parts += _group(group, source, numbers)
    return parts


def _group(group: Group, source: Source, numbers: dict[str, int]) -> list[str]:
    name = '<h3>Project</h3><span class="soft small">secrets, networks, files</span>'
    if group.service:
        link = f'<a href="#service-{numbers[group.service]}">{escaped(group.service)}</a>'
        name = f"<h3>{link}</h3>"
    return [
        '<section class="panel service">',
        f'<div class="head">{name}</div>',
        *(text for finding in group.findings[:MANY] for text in finding_parts(finding, source)),
        *_rest(group.findings[MANY:], source),
        "</section>",
    ]


def _rest(found: Sequence[Finding], source: Source) -> list[str]:
    if not found:
        return []
    inside = [text for finding in found for text in finding_parts(finding, source)]
    return [f"<details><summary>{len(found):,} more</summary>", *inside, "</details>"]


def finding_parts(finding: Finding, source: Source) -> list[str]:
    """Return one finding with its place, what follows from it, and what repairs it."""
    kind = finding.severity.value
    message = finding.brief or finding.message
    word = f'<span class="word">{MARKS[finding.severity]} {kind}</span>'
    name = f"<code>{escaped(finding.check_id)}</code>"
    parts = [f'<div class="finding {kind}">', f"<p>{word} {escaped(message)} {name}</p>"]
    if finding.primary is not None:
        parts += _code(finding.primary, source)
    if finding.consequence:
        parts.append(f"<p>{escaped(finding.consequence)}</p>")
    parts += _elsewhere(finding, source)
    if finding.hint:
        hint = escaped(finding.hint)
        parts.append(f'<p><span class="soft">hint</span> {hint}</p>')
    if finding.remedy is not None:
        command = command_of(finding.remedy, source)
        title = escaped(finding.remedy.title)
        parts.append(f'<p class="remedy">→ <code>bootready {command}</code> {title}</p>')
    return [*parts, "</div>"]


def _code(at: Location, source: Source) -> list[str]:
    """Return the place, and the line of the file with what it is about marked: it may wrap."""
    where = f'<span class="soft">{escaped(place(at.span, source.directory))}</span>'
    text = source.texts.get(at.span.file)
    lines = excerpt(at, text) if text is not None else []
    if not lines:
        return [f'<p class="small mono">{where}</p>']
    _, code, caret = lines
    begin = caret.index("^")
    end = len(caret) - len(caret[begin:].lstrip("^"))
    label = caret[end:].strip()
    first = code.index("|") + 2
    before = code[first:begin].lstrip()
    marked = f"{escaped(before)}<mark>{escaped(code[begin:end]) or ' '}</mark>"
    words = f' <span class="label">← {escaped(label)}</span>' if label else ""
    line = f"<span>{marked}{escaped(code[end:])}</span>"  # no text of a file begins a line of ours
    return [f"<pre>{where}\n{line}{words}</pre>"]


def _elsewhere(finding: Finding, source: Source) -> list[str]:
    """Return the related places, each once, with the words of all that is said of it."""
    said: dict[tuple[str, int], list[str]] = {}
    for where in finding.related[:PLACES]:
        said.setdefault((where.span.file, where.span.line), []).append(where.label or "also")
    words = [f"{finding.places:,} places"] if finding.places > 1 else []
    last = ""
    for (file, line), labels in said.items():
        at = place(Span(file, line, 1, line, 1), source.directory, column=False)
        words.append(f"{_joined(labels)} ({f'line {line}' if file == last else at})")
        last = file
    return [f'<p class="soft small">{escaped("; ".join(words))}</p>'] if words else []


def _joined(labels: Sequence[str]) -> str:
    """Return labels that begin alike as one: ``used by service 'a', 'b'``."""
    found: list[str] = []
    last = ""
    for label in dict.fromkeys(labels):
        head = label.partition("'")[0]
        found.append(label[len(head) :] if head and head == last else label)
        last = head if "'" in label else ""
    return ", ".join(found)
