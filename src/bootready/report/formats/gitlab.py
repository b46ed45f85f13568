"""A verdict -> GitLab's code quality report: a list of findings with fingerprints."""

from __future__ import annotations

from bootready.model.finding import Severity, Verdict
from bootready.model.printable import safe_json
from bootready.report.formats.json import relative
from bootready.report.formats.sarif import fingerprint
from bootready.report.formats.text import Source

_LEVELS = {Severity.ERROR: "blocker", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render_gitlab(verdict: Verdict, source: Source, _project: str = "") -> str:
    """Return the list; a finding without a place stands at the first line of the first file read,
    for GitLab shows none without one. The project has no name in this format.
    """
    first = relative(next(iter(source.texts), "compose.yaml"), source.directory)
    rows = [
        {
            "description": finding.message,
            "check_name": finding.check_id,
            "fingerprint": fingerprint(finding, source),
            "severity": _LEVELS[finding.severity],
            "location": {
                "path": relative(finding.primary.span.file, source.directory)
                if finding.primary
                else first,
                "lines": {"begin": finding.primary.span.line if finding.primary else 1},
            },
        }
        for finding in verdict.findings
    ]
    return safe_json(rows) + "\n"
