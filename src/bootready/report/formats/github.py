"""A verdict -> workflow commands of GitHub Actions: an annotation per finding."""

from __future__ import annotations

from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.printable import printable
from bootready.report.formats.following import following, following_line
from bootready.report.formats.json import relative
from bootready.report.formats.text import Source, verdict_line
from bootready.report.shown import shown_finding

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render_github(verdict: Verdict, source: Source, project: str = "") -> str:
    """Return a line per finding and one with the verdict; `project` names the last.

    Files are named as in the repository, for that is where annotations are shown.
    """
    lines = [_annotation(finding, source) for finding in verdict.findings]
    title = f"bootready {printable(project)}".strip()
    step = following_line(following(verdict, source))
    words = "\n".join(filter(None, [verdict_line(verdict, source.failing), step]))
    lines.append(f"::notice title={_property(title)}::{_data(words)}")
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding, source: Source) -> str:
    finding = shown_finding(finding)
    fields = [f"title={_property(finding.check_id)}"]
    if finding.primary:
        span = finding.primary.span
        file = relative(span.file, source.base)
        fields = [
            f"file={_property(printable(file))}",
            f"line={span.line}",
            f"col={span.column}",
            *fields,
        ]
    words = [finding.message, finding.consequence, finding.hint and f"hint: {finding.hint}"]
    text = "\n".join(word for word in words if word)
    return f"::{_COMMANDS[finding.severity]} {','.join(fields)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
