"""A verdict -> Markdown: a table of findings for a pull request or a step summary."""

from __future__ import annotations

from bootready.model.finding import Verdict
from bootready.model.printable import printable
from bootready.report.excerpt import place
from bootready.report.formats.text import Source, verdict_line
from bootready.report.shown import shown_finding


def render_markdown(verdict: Verdict, source: Source, project: str = "") -> str:
    """Return a heading, the verdict and a row per finding."""
    lines = [
        f"## bootready {_cell(printable(project))}".rstrip(),
        "",
        verdict_line(verdict, source.failing),
        "",
    ]
    if verdict.findings:
        lines += ["| severity | check | finding | place |", "| --- | --- | --- | --- |"]
    for finding in map(shown_finding, verdict.findings):
        where = place(finding.primary.span, source.directory) if finding.primary else ""
        words = _cell(finding.message)
        if finding.hint:
            words += f"<br>hint: {_cell(finding.hint)}"
        row = (
            finding.severity.value,
            f"`{finding.check_id}`",
            words,
            f"`{_cell(where)}`" if where else "",
        )
        lines.append(f"| {' | '.join(row)} |")
    for entry in verdict.skipped:
        lines.append(f"\nskipped `{entry.check_id}`: {_cell(printable(entry.reason))}")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return a cell that HTML, a code span and the table around it survive."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return text.replace("|", "\\|").replace("](", "]\\(").replace("\n", "<br>")
