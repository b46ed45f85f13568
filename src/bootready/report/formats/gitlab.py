"""A verdict -> GitLab's code quality report: a list of findings with fingerprints."""

from __future__ import annotations

from bootready.model.finding import Severity, Verdict
from bootready.model.printable import safe_json
from bootready.report.formats.fingerprint import fingerprints
from bootready.report.formats.json import relative
from bootready.report.formats.text import Source

_LEVELS = {Severity.ERROR: "blocker", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render_gitlab(verdict: Verdict, source: Source, _project: str = "") -> str:
    """Return the list, as JSON."""
    return safe_json(rows_of(verdict, source)) + "\n"


def rows_of(verdict: Verdict, source: Source) -> list[dict[str, object]]:
    """Return a row per finding, its file as in the repository. The project has no name here.

    A finding without a place stands at the first line of the first file read, for GitLab shows
    none without one.
    """
    first = relative(next(iter(source.texts), f"{source.directory}/compose.yaml"), source.base)
    names = fingerprints(verdict.findings, source)
    return [
        {
            "description": finding.message,
            "check_name": finding.check_id,
            "fingerprint": name,
            "severity": _LEVELS[finding.severity],
            "location": {
                "path": relative(finding.primary.span.file, source.base)
                if finding.primary
                else first,
                "lines": {"begin": finding.primary.span.line if finding.primary else 1},
            },
        }
        for finding, name in zip(verdict.findings, names, strict=True)
    ]
