"""A verdict -> JSON for programs, version 1; its schema is docs/reference/check.schema.json."""

from __future__ import annotations

from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.position import Location, render_path
from bootready.model.printable import safe_json
from bootready.report.formats.fingerprint import fingerprints
from bootready.report.formats.following import following, following_object
from bootready.report.formats.text import Source, command_of, is_ready

VERSION = 1
"""Raised when a field changes its meaning or goes away; new fields do not raise it."""


def render_json(verdict: Verdict, source: Source, project: str = "") -> str:
    """Return the whole verdict as one JSON object, with a newline at its end."""
    values = verdict_object(verdict, source, project)
    return safe_json(values, readable=True) + "\n"


def verdict_object(verdict: Verdict, source: Source, project: str = "") -> dict[str, object]:
    """Return the verdict as plain values; paths below the project's directory are relative."""
    base = source.base
    counts = {
        severity.value: sum(finding.severity is severity for finding in verdict.findings)
        for severity in Severity
    }
    return {
        "version": VERSION,
        "project": {
            "name": project,
            "directory": source.directory,
            "path": relative(source.directory, base) if source.directory != base else ".",
        },
        "ready": is_ready(verdict, source.failing),
        "failing_severity": source.failing.value,
        "counts": counts,
        "examined": {
            "files": verdict.files,
            "services": verdict.services,
            "references": verdict.references,
            "checks": verdict.checks,
        },
        "findings": [
            {**finding_object(finding, source), "fingerprint": name}
            for finding, name in zip(
                verdict.findings, fingerprints(verdict.findings, source), strict=True
            )
        ],
        "silenced": [finding_object(finding, source) for finding in verdict.silenced],
        "known": [finding_object(finding, source) for finding in verdict.known],
        "gone": [entry._asdict() for entry in verdict.gone],
        "next": following_object(following(verdict, source)),
        "skipped": [
            {"check": skipped.check_id, "reason": skipped.reason} for skipped in verdict.skipped
        ],
    }


def finding_object(finding: Finding, source: Source) -> dict[str, object]:
    """Return one finding as plain values."""
    remedy = finding.remedy
    return {
        "check": finding.check_id,
        "severity": finding.severity.value,
        "message": finding.message,
        "consequence": finding.consequence,
        "hint": finding.hint,
        "places": finding.places,
        "location": _location(finding.primary, source) if finding.primary else None,
        "related": [_location(where, source) for where in finding.related],
        "remedy": {
            "title": remedy.title,
            "command": command_of(remedy, source),
            "safety": remedy.safety.value,
            "actions": [type(action).__name__ for action in remedy.actions],
        }
        if remedy
        else None,
    }


def relative(file: str, directory: str) -> str:
    """Return `file` relative to `directory` where it lies below it."""
    return file.removeprefix(f"{directory}/") if directory else file


def _location(location: Location, source: Source) -> dict[str, object]:
    span = location.span
    return {
        "file": relative(span.file, source.directory),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "path": render_path(location.path),
        "label": location.label,
    }
