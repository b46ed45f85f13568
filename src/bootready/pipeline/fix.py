"""Takes a request; returns edits of tracked files that are proved harmless, and writes them."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence

from bootready.apply.files.ground import RefusedError
from bootready.check.api import Context
from bootready.errors import ProjectError
from bootready.host.regular import read_regular
from bootready.host.repository import repository_below_home
from bootready.model.action import EditFile, Plan, SetPermissions
from bootready.model.change import Change
from bootready.model.finding import Finding, Remedy, Safety, Verdict
from bootready.model.position import Span
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import check, load, observe
from bootready.pipeline.proof import Proof, proof_of
from bootready.pipeline.values import literal_repairs, tracked_settings
from bootready.plan.collect import plan_for
from bootready.plan.repair import Look, Repair, repairs
from bootready.plan.select import fixes
from bootready.read.source import SIZE_LIMIT
from bootready.typed import NamedTuple


class Fixed(NamedTuple):
    """What `fix` would change. `withdrawn` are repairs that it would not make, and why."""

    directory: str
    plan: Plan
    changes: tuple[Change, ...]
    withdrawn: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """The files that the plan was made from, absolute."""
    is_partial: bool = False
    """Whether the project cannot be read yet, so that there may be more to mend afterwards."""


def fix(request: Request, environ: Mapping[str, str], *, unsafe: bool = False) -> Fixed:
    """Plan the edits of tracked files, each proved to make nothing worse (`pipeline.proof`).

    A repair that would is withdrawn, the others stay. With `unsafe` also what is a guess is
    repaired. Nothing is written. Raises ProjectError where the project cannot be read.
    """
    try:
        project = load(request, environ)
    except ProjectError as error:
        return _made_readable(request, error)
    evidence = observe(project, environ, engine=False)
    verdict = check(evidence)
    wish = _Wish(request, environ, evidence.context, verdict)
    with proof_of(request, environ, project) as proof:
        kept, withdrawn = _proved(proof, _repairs(wish, unsafe=unsafe))
    plan = plan_for((one.finding for one in kept), only=fixes)
    return Fixed(
        project.directory, plan, _changes(plan, project.directory), withdrawn, project.files
    )


def _made_readable(request: Request, error: ProjectError) -> Fixed:
    """Return what makes a Compose file readable that says a line twice; the rest is seen then."""
    from bootready.plan.repetition import repeated_lines

    plan = plan_for(repeated_lines(error.problems, _text), only=fixes)
    if not plan.steps:
        raise error
    directory = os.path.abspath(request.project_directory or request.directory)
    files = tuple(step.action.path for step in plan.steps if isinstance(step.action, EditFile))
    return Fixed(directory, plan, _changes(plan, directory), (), files, is_partial=True)


class _Wish(NamedTuple):
    """A project, and what is found in it."""

    request: Request
    environ: Mapping[str, str]
    context: Context
    verdict: Verdict


def _repairs(wish: _Wish, *, unsafe: bool) -> list[Repair]:
    """Return what could be repaired, before it is proved."""
    project, findings = wish.context.project, wish.verdict.apart
    root = repository_below_home(project.directory) or project.directory
    found = list(repairs(project, findings, Look(_text, _mode, root), unsafe=unsafe))
    ids = {one.check_id for one in findings}
    if "value-placeholder" in ids:
        found += literal_repairs(wish.context, wish.request, wish.environ)
    if "required-variable-unset" in ids:
        found += tracked_settings(wish.context, wish.request, wish.environ)
    return found


def with_edits(
    request: Request,
    environ: Mapping[str, str],
    project: Project,
    verdict: Verdict,
    proof: Proof,
    *,
    unsafe: bool = False,
) -> Verdict:
    """Return the verdict with the edits that `fix` would make as remedies, for reports.

    Each is shown harmless by `proof`, of the same project. With `unsafe` those that it makes on
    request only, where a finding has no remedy yet.
    """
    context = observe(project, environ, engine=False).context
    wish = _Wish(request, environ, context, verdict)
    found = _repairs(wish, unsafe=unsafe)
    if unsafe:
        sure = _repairs(wish, unsafe=False)
        found = [one for one in found if one not in sure]
    kept, _ = _proved(proof, found)
    remedies: dict[tuple[str, Span], list[Remedy]] = {}
    for one in kept:
        if one.finding.primary and one.finding.remedy:
            for place in (one.finding.primary, *one.finding.related):
                key = one.finding.check_id, place.span
                remedies.setdefault(key, []).append(one.finding.remedy)

    def remedied(finding: Finding) -> Finding:
        keys = [
            (finding.check_id, place.span) for place in (finding.primary, *finding.related) if place
        ]
        made = [remedy for key in dict.fromkeys(keys) for remedy in remedies.get(key, ())]
        if not made or (unsafe and finding.remedy):
            return finding
        actions = dict.fromkeys(action for remedy in made for action in remedy.actions)
        remedy = made[0]._replace(actions=tuple(actions))
        if unsafe:
            remedy = remedy._replace(safety=Safety.ASK, is_guess=True)
        return finding._replace(remedy=remedy)

    return verdict._replace(findings=tuple(map(remedied, verdict.findings)))


def apply_fix(fixed: Fixed) -> None:
    """Write what `fix` planned. Raises ApplyError."""
    from bootready.apply.execute import apply_plan

    apply_plan(fixed.plan, fixed.directory)


def _proved(proof: Proof, found: Sequence[Repair]) -> tuple[list[Repair], tuple[str, ...]]:
    """Return the repairs that make nothing worse, and why the others do not count."""
    withdrawn: list[tuple[Repair, str]] = []
    proved: list[Repair] = []

    def prove(chosen: Sequence[Repair]) -> None:
        reason = _harm([*proved, *chosen], proof)
        if not reason:
            proved.extend(chosen)
        elif len(chosen) == 1:
            withdrawn.append((chosen[0], reason))
        else:
            half = len(chosen) // 2
            prove(chosen[:half])
            prove(chosen[half:])

    rest: Sequence[Repair] = found
    while rest:
        before = len(proved)
        withdrawn.clear()
        prove(rest)
        # One may need another, which came later: a name, and the list that defines it.
        more = len(proved) > before and len(withdrawn) <= _FEW
        rest = [one for one, _ in withdrawn] if more else ()
    reasons = (f"{one.finding.message}: {reason}" for one, reason in withdrawn)
    return proved, tuple(dict.fromkeys(reasons))


_FEW = 20
"""Repairs that are proved a second time; each costs as much as a check."""


def _harm(chosen: Sequence[Repair], proof: Proof) -> str:
    """Return in words what these repairs would make worse, '' for nothing."""
    from bootready.apply.preview import preview

    plan = plan_for((one.finding for one in chosen), only=fixes)
    try:
        texts = {path: after for path, _, after in preview(plan, proof.project.directory)}
    except RefusedError as error:
        return str(error)
    actions = (step.action for step in plan.steps)
    modes = {one.path: one.mode for one in actions if isinstance(one, SetPermissions)}
    intended = [path for one in chosen for path in one.intended]
    reworded = [path for one in chosen for path in one.reworded]
    return proof.harm(texts, intended, modes, reworded)


def _changes(plan: Plan, directory: str) -> tuple[Change, ...]:
    from bootready.apply.preview import preview

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
