"""Takes a request; returns edits of tracked files, proved in a copy, and writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bootready.apply.execute import apply_plan
from bootready.apply.ground import repository_of
from bootready.apply.overlay import overlay
from bootready.apply.preview import preview
from bootready.model.action import Plan
from bootready.model.node import plain
from bootready.model.position import YamlPath, render_path
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import check, load, observe, read_text_file
from bootready.plan.collect import plan_for
from bootready.plan.difference import differences
from bootready.plan.dollar import doubled
from bootready.plan.select import fixes
from bootready.read.discover import locate


class Change(NamedTuple):
    """One tracked file before and after a fix."""

    path: str
    before: str
    after: str


class Fixed(NamedTuple):
    """What `fix` would change; `withdrawn` says why it would not."""

    directory: str
    plan: Plan
    changes: tuple[Change, ...]
    withdrawn: str = ""
    sources: tuple[str, ...] = ()
    """The files that the plan was made from, absolute."""


def fix(request: Request, environ: Mapping[str, str], *, unsafe: bool = False) -> Fixed:
    """Plan the edits of tracked files, and prove in a copy that nothing else changes in the model.

    With `unsafe` also `$` that may well be meant for Compose is doubled. Nothing is written.
    """
    project = load(request, environ)
    verdict = check(observe(project, environ, engine=False))
    findings = [doubled(one, project.sources, unsafe=unsafe) for one in verdict.findings]
    plan = plan_for(findings, only=fixes)
    changes = tuple(Change(*change) for change in preview(plan, project.directory))
    intended = [
        one.primary.path for one in findings if one.check_id == "dollar-unescaped" and one.primary
    ]
    if not any(change.path in project.files for change in changes):
        return Fixed(project.directory, plan, changes, "", project.files)
    stray = _stray_change(request, environ, project, changes, intended)
    return Fixed(project.directory, plan, changes, stray, project.files)


def _stray_change(
    request: Request,
    environ: Mapping[str, str],
    project: Project,
    changes: Sequence[Change],
    intended: Sequence[YamlPath],
) -> str:
    """Return the first path of the model that a fix changes unasked, '' where there is none."""
    here = locate(request, environ).working_directory
    root = repository_of(project.directory) or project.directory
    with overlay(root, None) as copy:
        copy.put({change.path: change.after for change in changes})
        for path in project.env_files:
            copy.put({path: project.sources.get(path) or read_text_file(path) or ""})
        moved = request._replace(
            directory=copy.there(here), files=tuple(copy.there(one) for one in request.files)
        )
        quiet = {name: value for name, value in environ.items() if name != "PWD"}
        after = plain(load(moved, quiet).model)
    for place in differences(plain(project.model), after, copy.back):
        if not any(place[: len(one)] == one for one in intended):
            return render_path(place)
    return ""


def apply_fix(fixed: Fixed) -> None:
    """Write what `fix` planned. Raises ApplyError."""
    apply_plan(fixed.plan, fixed.directory)
