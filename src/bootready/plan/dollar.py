"""A finding of `dollar-unescaped` -> the same with the edit that doubles the `$`."""

from __future__ import annotations

from collections.abc import Mapping

from bootready.model.action import Edit, EditFile
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.model.position import Span


def doubled(finding: Finding, sources: Mapping[str, str], *, unsafe: bool) -> Finding:
    """Return `finding` with a remedy where the `$` is surely the container's, or with `unsafe`."""
    sure = finding.severity is Severity.ERROR
    if finding.check_id != "dollar-unescaped" or not (sure or unsafe) or finding.primary is None:
        return finding
    edits = []
    for place in (finding.primary, *finding.related):
        span = place.span
        lines = sources.get(span.file, "").split("\n")
        line = lines[span.line - 1] if span.line <= len(lines) else ""
        if line[span.column - 1 : span.column] == "$":
            edits.append(Edit(Span(span.file, span.line, span.column, span.line, span.column), "$"))
    if not edits or any(edit.span.file != edits[0].span.file for edit in edits):
        return finding
    action = EditFile(edits[0].span.file, tuple(edits))
    return finding._replace(remedy=Remedy("double the `$`", Safety.SAFE, (action,)))
