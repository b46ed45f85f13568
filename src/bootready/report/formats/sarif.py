"""A verdict -> SARIF 2.1.0, for code scanning: rules, stable fingerprints, fixes by regions."""

from __future__ import annotations

import os
from urllib.parse import quote

from bootready.model.action import EditFile
from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.position import Location, Span
from bootready.model.printable import safe_json
from bootready.report.formats.fingerprint import fingerprints
from bootready.report.formats.following import following, following_object
from bootready.report.formats.json import relative
from bootready.report.formats.text import Source, command_of

BASE = "%SRCROOT%"
"""The name of the repository's root, as viewers of SARIF know it."""
FINGERPRINT = "bootready/v2"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render_sarif(verdict: Verdict, source: Source, project: str = "") -> str:
    """Return the findings as one SARIF run, as JSON."""
    return sarif_log([run_of(verdict, source, project)])


def sarif_log(runs: list[dict[str, object]]) -> str:
    """Return the log that holds `runs`, as JSON."""
    return safe_json({"$schema": SCHEMA, "version": "2.1.0", "runs": runs}) + "\n"


def run_of(verdict: Verdict, source: Source, project: str = "") -> dict[str, object]:
    """Return the findings on one project as a run; silenced and known ones are suppressed.

    Its id is the project's path in the repository, so that those of several projects differ:
    code scanning takes one run for each.
    """
    findings = [(finding, "") for finding in verdict.findings]
    findings += [(finding, "inSource") for finding in verdict.silenced]
    findings += [(finding, "external") for finding in verdict.known]
    rules = sorted({finding.check_id for finding, _ in findings})
    names = fingerprints([finding for finding, _ in findings], source)
    return {
        "tool": {"driver": {"name": "bootready", "rules": [_rule(rule) for rule in rules]}},
        "automationDetails": {"id": f"bootready/{_path_of(source) or project or 'project'}/"},
        "originalUriBaseIds": {BASE: {"uri": f"{_uri(source.base)}/"}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(verdict)],
        "properties": {"next": following_object(following(verdict, source))},
        "results": [
            {**_result(finding, source, left_out), "partialFingerprints": {FINGERPRINT: name}}
            for (finding, left_out), name in zip(findings, names, strict=True)
        ],
    }


def _path_of(source: Source) -> str:
    """Return the project's directory as in the repository, '' for its root."""
    return relative(f"{source.directory}/", source.base).strip("/")


def _artifact(file: str, source: Source) -> dict[str, str]:
    name = relative(file, source.base)
    if os.path.isabs(name):
        return {"uri": _uri(name)}
    return {"uri": quote(name.encode(errors="surrogateescape")), "uriBaseId": BASE}


def _uri(path: str) -> str:
    quoted = quote(path.encode(errors="surrogateescape"))
    return f"file://{quoted}" if path.startswith("/") else f"file:///{quoted}"


def _rule(check_id: str) -> dict[str, object]:
    from bootready.check.discover import find

    check = find(check_id)
    if check is None:
        return {"id": check_id}
    return {
        "id": check_id,
        "shortDescription": {"text": check.summary},
        "help": {"text": check.page, "markdown": check.page},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
        "properties": {"tags": [check.topic]},
        **({"helpUri": check.reference} if check.reference else {}),
    }


def _invocation(verdict: Verdict) -> dict[str, object]:
    """Return that we ran, and what could not be looked at."""
    return {
        "executionSuccessful": True,
        "toolConfigurationNotifications": [
            {
                "level": "note",
                "message": {"text": f"skipped: {entry.reason}"},
                "associatedRule": {"id": entry.check_id},
            }
            for entry in verdict.skipped
        ],
    }


def _fixes(finding: Finding, source: Source) -> list[dict[str, object]]:
    """Return the edits of a remedy; one that makes files has none that a viewer could apply."""
    if finding.remedy is None:
        return []
    changes = [
        {
            "artifactLocation": _artifact(action.path, source),
            "replacements": [
                {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                for edit in action.edits
            ],
        }
        for action in finding.remedy.actions
        if isinstance(action, EditFile)
    ]
    if not changes:
        return []
    return [{"description": {"text": finding.remedy.title}, "artifactChanges": changes}]


def _result(finding: Finding, source: Source, left_out: str) -> dict[str, object]:
    words = [finding.message, finding.consequence, finding.hint and f"hint: {finding.hint}"]
    result: dict[str, object] = {
        "ruleId": finding.check_id,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(word for word in words if word)},
        "locations": [_location(finding.primary, source)] if finding.primary else [],
        "relatedLocations": _related(finding, source),
    }
    fixes = _fixes(finding, source)
    if fixes:
        result["fixes"] = fixes
    if finding.remedy:
        command = f"bootready {command_of(finding.remedy, source)}"
        result["properties"] = {"remedy": {"command": command, "title": finding.remedy.title}}
    if left_out:
        result["suppressions"] = [{"kind": left_out}]
    return result


def _related(finding: Finding, source: Source) -> list[dict[str, object]]:
    """Return the other places, each once: services that share an anchor share its line."""
    places = dict.fromkeys((one.span, one.label) for one in finding.related)
    return [_location(Location(span, (), label), source) for span, label in places]


def _location(location: Location, source: Source) -> dict[str, object]:
    span = location.span
    place = {
        "artifactLocation": _artifact(span.file, source),
        "region": _region(span),
    }
    if not location.label:
        return {"physicalLocation": place}
    return {"physicalLocation": place, "message": {"text": location.label}}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
