"""A finding of `dollar-unescaped` -> the same with the edit that doubles the `$`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bootready.model.action import Edit, EditFile
from bootready.model.finding import Finding, Remedy, Safety
from bootready.model.lines import lines_of
from bootready.model.position import Location, Span
from bootready.model.problem import Use
from bootready.model.project import Service


def is_own(uses: Iterable[Use], service: Service) -> bool:
    """Tell whether a healthcheck means a variable that `service` sets and nothing else does.

    `uses` are those that are written at one place.
    """
    own = {entry.name for entry in service.environment}
    return any(
        use.reference.name in own and not use.reference.is_set
        for use in uses
        if use.path[1:2] == (service.name,) and use.path[2:3] == ("healthcheck",)
    )


def doubled(finding: Finding, place: Location, sources: Mapping[str, str]) -> Finding:
    """Return `finding` with a remedy where there is a `$` at `place`, which it is about."""
    span = place.span
    lines = lines_of(sources.get(span.file, ""))
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    if line[span.column - 1 : span.column] != "$":
        return finding
    edit = Edit(Span(span.file, span.line, span.column, span.line, span.column), "$")
    action = EditFile(span.file, (edit,))
    return finding._replace(remedy=Remedy("double the `$`", Safety.SAFE, (action,)))
