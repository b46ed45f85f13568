"""A verdict -> Markdown: a table of findings for a pull request or a step summary."""

from __future__ import annotations

from bootready.model.finding import Verdict
from bootready.model.printable import printable
from bootready.report.excerpt import place
from bootready.report.formats.following import following, following_line
from bootready.report.formats.text import Source, verdict_line
from bootready.report.shown import shown_finding


def render_markdown(verdict: Verdict, source: Source, project: str = "") -> str:
    """Return a heading, the verdict and a row per finding; files are named as in the repository."""
    lines = [
        f"## bootready {cell(printable(project))}".rstrip(),
        "",
        verdict_line(verdict, source.failing),
        "",
        *rows_of(verdict, source),
        *_next(verdict, source),
    ]
    lines += [
        f"\nskipped `{entry.check_id}`: {cell(printable(entry.reason))}"
        for entry in verdict.skipped
    ]
    return "\n".join(lines) + "\n"


def _next(verdict: Verdict, source: Source) -> list[str]:
    line = following_line(following(verdict, source))
    return ["", line] if line else []


def rows_of(verdict: Verdict, source: Source) -> list[str]:
    """Return the table of the findings, nothing without any."""
    lines = []
    if verdict.findings:
        lines += ["| severity | check | finding | place |", "| --- | --- | --- | --- |"]
    for finding in map(shown_finding, verdict.findings):
        where = place(finding.primary.span, source.base) if finding.primary else ""
        words = cell(finding.message)
        if finding.hint:
            words += f"<br>hint: {cell(finding.hint)}"
        row = (
            finding.severity.value,
            f"`{finding.check_id}`",
            words,
            f"`{cell(where)}`" if where else "",
        )
        lines.append(f"| {' | '.join(row)} |")
    return lines


def cell(text: str) -> str:
    """Return a cell that HTML, a code span and the table around it survive."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return text.replace("|", "\\|").replace("](", "]\\(").replace("\n", "<br>")
