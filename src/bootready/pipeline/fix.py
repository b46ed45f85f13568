"""Takes a request; returns edits of tracked files that are proved harmless, and writes them."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence

from bootready.apply.execute import apply_plan
from bootready.apply.files.ground import RefusedError
from bootready.apply.preview import preview
from bootready.host.regular import read_regular
from bootready.host.repository import repository_below_home
from bootready.model.action import Plan, SetPermissions
from bootready.model.finding import Finding, Remedy, Verdict
from bootready.model.position import Span
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import check, load, observe
from bootready.pipeline.proof import Proof, proof_of
from bootready.plan.collect import plan_for
from bootready.plan.repair import Look, Repair, repairs
from bootready.plan.select import fixes
from bootready.read.source import SIZE_LIMIT
from bootready.typed import NamedTuple


class Change(NamedTuple):
    """One tracked file before and after a fix; modes are octal bits, equal where they stay."""

    path: str
    before: str
    after: str
    old_mode: int = 0
    new_mode: int = 0


class Fixed(NamedTuple):
    """What `fix` would change. `withdrawn` are repairs that it would not make, and why."""

    directory: str
    plan: Plan
    changes: tuple[Change, ...]
    withdrawn: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """The files that the plan was made from, absolute."""


def fix(request: Request, environ: Mapping[str, str], *, unsafe: bool = False) -> Fixed:
    """Plan the edits of tracked files, each proved to make nothing worse (`pipeline.proof`).

    A repair that would is withdrawn, the others stay. With `unsafe` also what is a guess is
    repaired. Nothing is written.
    """
    project = load(request, environ)
    verdict = check(observe(project, environ, engine=False))
    root = repository_below_home(project.directory) or project.directory
    look = Look(_text, _mode, root)
    found = list(repairs(project, verdict.apart, look, unsafe=unsafe))
    kept, withdrawn = _proved(request, environ, project, found)
    plan = plan_for((one.finding for one in kept), only=fixes)
    return Fixed(
        project.directory, plan, _changes(plan, project.directory), withdrawn, project.files
    )


def with_edits(
    request: Request, environ: Mapping[str, str], project: Project, verdict: Verdict
) -> Verdict:
    """Return the verdict with the edits that `fix` would make as remedies, for reports."""
    root = repository_below_home(project.directory) or project.directory
    found = list(repairs(project, verdict.apart, Look(_text, _mode, root)))
    kept, _ = _proved(request, environ, project, found)
    remedies: dict[tuple[str, Span], list[Remedy]] = {}
    for one in kept:
        if one.finding.primary and one.finding.remedy:
            key = one.finding.check_id, one.finding.primary.span
            remedies.setdefault(key, []).append(one.finding.remedy)

    def remedied(finding: Finding) -> Finding:
        keys = [
            (finding.check_id, place.span) for place in (finding.primary, *finding.related) if place
        ]
        made = [remedy for key in dict.fromkeys(keys) for remedy in remedies.get(key, ())]
        if not made:
            return finding
        actions = dict.fromkeys(action for remedy in made for action in remedy.actions)
        return finding._replace(remedy=made[0]._replace(actions=tuple(actions)))

    return verdict._replace(findings=tuple(map(remedied, verdict.findings)))


def apply_fix(fixed: Fixed) -> None:
    """Write what `fix` planned. Raises ApplyError."""
    apply_plan(fixed.plan, fixed.directory)


def _proved(
    request: Request, environ: Mapping[str, str], project: Project, found: Sequence[Repair]
) -> tuple[list[Repair], tuple[str, ...]]:
    """Return the repairs that make nothing worse, and why the others do not count."""
    if not found:
        return [], ()
    withdrawn: list[str] = []
    proved: list[Repair] = []
    with proof_of(request, environ, project) as proof:

        def prove(chosen: Sequence[Repair]) -> None:
            reason = _harm([*proved, *chosen], project, proof)
            if not reason:
                proved.extend(chosen)
            elif len(chosen) == 1:
                withdrawn.append(f"{chosen[0].finding.message}: {reason}")
            else:
                half = len(chosen) // 2
                prove(chosen[:half])
                prove(chosen[half:])

        prove(found)
    return proved, tuple(dict.fromkeys(withdrawn))


def _harm(chosen: Sequence[Repair], project: Project, proof: Proof) -> str:
    """Return in words what these repairs would make worse, '' for nothing."""
    plan = plan_for((one.finding for one in chosen), only=fixes)
    try:
        texts = {path: after for path, _, after in preview(plan, project.directory)}
    except RefusedError as error:
        return str(error)
    actions = (step.action for step in plan.steps)
    modes = {one.path: one.mode for one in actions if isinstance(one, SetPermissions)}
    intended = [path for one in chosen for path in one.intended]
    return proof.harm(texts, intended, modes)


def _changes(plan: Plan, directory: str) -> tuple[Change, ...]:
    texts = {path: Change(path, before, after) for path, before, after in preview(plan, directory)}
    for step in plan.steps:
        action = step.action
        mode = _mode(action.path) if isinstance(action, SetPermissions) else None
        if isinstance(action, SetPermissions) and mode is not None:
            known = texts.get(action.path) or Change(action.path, "", "")
            texts[action.path] = known._replace(old_mode=mode, new_mode=action.mode)
    return tuple(texts[path] for path in sorted(texts))


def _text(path: str) -> str | None:
    """Return the text of a file with its line ends, None where it is no text."""
    try:
        return read_regular(path, SIZE_LIMIT).decode()
    except (OSError, ValueError):
        return None


def _mode(path: str) -> int | None:
    try:
        return stat.S_IMODE(os.stat(path, follow_symlinks=False).st_mode)
    except OSError:
        return None
