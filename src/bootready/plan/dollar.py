"""A finding of `dollar-unescaped` -> the same with the edit that doubles the `$`."""

from __future__ import annotations

from collections.abc import Mapping

from bootready.model.action import Edit, EditFile
from bootready.model.finding import Finding, Remedy, Safety
from bootready.model.position import Span
from bootready.model.project import Project, Service


def is_own(project: Project, service: Service, finding: Finding) -> bool:
    """Tell whether a healthcheck means a variable that `service` sets and nothing else does."""
    own = {entry.name for entry in service.environment}
    place = finding.primary
    return place is not None and any(
        use.reference.name in own and not use.reference.is_set
        for use in project.uses
        if use.reference.span == place.span and use.path[2:3] == ("healthcheck",)
    )


def doubled(finding: Finding, sources: Mapping[str, str], *, sure: bool) -> Finding:
    """Return `finding` with a remedy where the `$` is surely the container's."""
    if finding.check_id != "dollar-unescaped" or not sure or finding.primary is None:
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
