"""A variable that Compose requires and a value that is told -> a line for a tracked env file."""

from __future__ import annotations

from bootready.knowledge.examples import settings_in
from bootready.model.action import AppendLines, SetVariable
from bootready.model.finding import Finding, Remedy, Safety, Severity
from bootready.model.lookup import shown
from bootready.model.position import Location, YamlPath
from bootready.model.project import Project
from bootready.plan.repair import Repair
from bootready.regex import regex

_PLAIN = regex(r"[\w./:@+-]*")


def line_repair(project: Project, wish: Finding, action: SetVariable) -> Repair:
    """Return the repair that appends what `action` would set to its file, which git tracks."""
    uses = [use for use in project.uses if use.reference.name == action.name and use.path]
    places = [Location(use.reference.span, use.path) for use in uses]
    value = action.value if _PLAIN.fullmatch(action.value) else f"'{action.value}'"
    comment = (f"# {action.comment}",) if action.comment else ()
    known = settings_in(project.sources.get(action.path, "")).get(action.name)
    lines = (*comment, f"{action.name}={value}")
    path = shown(action.path, project.directory)
    title = f"adds {action.name} to {path}" if known is None else f"sets {action.name} in {path}"
    remedy = Remedy(title, Safety.SAFE, (AppendLines(action.path, lines),))
    finding = Finding(
        "required-variable-unset",
        Severity.ERROR,
        wish.message,
        places[0] if places else None,
        tuple(places[1:]),
        remedy=remedy,
    )
    return Repair(finding, tuple(_of_list(use.path) for use in uses))


def _of_list(path: YamlPath) -> YamlPath:
    """Return the path of the list that `path` goes through: its items are told apart by content."""
    return next((path[:at] for at, step in enumerate(path) if isinstance(step, int)), path)
