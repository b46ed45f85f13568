"""A verdict -> the same with the remedy of every finding that `fix` or `prepare` mends.

Which finding goes away is not guessed: what `prepare` would write is put into a shadow of the
project, which is then checked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.errors import BootreadyError
from bootready.knowledge.examples import settings_in
from bootready.model.action import Action, WriteFile
from bootready.model.finding import Finding, Remedy, Safety, Verdict
from bootready.model.lookup import shown
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline.fix import with_edits
from bootready.pipeline.harmless import texts_of
from bootready.pipeline.prepare import prepare
from bootready.pipeline.proof import Proof, as_it_is, proof_of
from bootready.plan.order import paths_of
from bootready.plan.select import shapes_the_model


def with_remedies(
    request: Request,
    environ: Mapping[str, str],
    project: Project,
    verdict: Verdict,
    *,
    engine: bool = True,
) -> Verdict:
    """Return the verdict with the edits of `fix` and the steps of `prepare` as remedies, and where
    there is neither, with what `fix --unsafe` would guess.
    """
    if all(finding.remedy for finding in verdict.findings):
        return verdict
    with proof_of(request, environ, project) as proof:
        verdict = with_edits(request, environ, project, verdict, proof)
        verdict = _with_steps(request, environ, verdict, proof, engine=engine)
        if all(finding.remedy for finding in verdict.findings):
            return verdict
        return with_edits(request, environ, project, verdict, proof, unsafe=True)


def _with_steps(
    request: Request,
    environ: Mapping[str, str],
    verdict: Verdict,
    proof: Proof,
    *,
    engine: bool,
) -> Verdict:
    """Return the verdict with the steps of `prepare` where a finding has no remedy yet."""
    left = [finding for finding in verdict.findings if finding.remedy is None and finding.primary]
    if not left:
        return verdict
    actions = _prepared(request, environ, engine=engine)
    gone = _gone(proof, actions) if actions else frozenset()

    def remedied(finding: Finding) -> Finding:
        if finding.remedy or finding.primary is None:
            return finding
        if (finding.check_id, finding.primary.path) not in gone:
            return finding
        chosen = [one for one in actions if _is_about(one, finding)] or actions
        paths = dict.fromkeys(path for one in chosen for path in paths_of(one))
        names = ", ".join(shown(path, proof.project.directory) for path in paths)
        title = _said_by(finding) or f"sets it in {names}"
        return finding._replace(remedy=Remedy(title, Safety.SAFE, tuple(chosen)))

    return verdict._replace(findings=tuple(map(remedied, verdict.findings)))


def _prepared(request: Request, environ: Mapping[str, str], *, engine: bool) -> list[Action]:
    """Return what `prepare` would write that shapes the model."""
    try:
        plan = prepare(request, environ, dry_run=True, engine=engine).plan
    except BootreadyError:
        return []
    return [step.action for step in plan.steps if shapes_the_model(step.action)]


def _gone(proof: Proof, actions: Sequence[Action]) -> frozenset[tuple[str, tuple[str | int, ...]]]:
    """Return the checks and places of the findings that `actions` make go away."""
    before, after = proof.state_in(as_it_is, {}), proof.state_in(as_it_is, texts_of(actions))
    if after.error:
        return frozenset()
    still = {(check_id, path) for check_id, _, path in after.found}
    return frozenset((check_id, path) for check_id, _, path in before.found) - still


def _said_by(finding: Finding) -> str:
    """Return what the hint says that `prepare` does, '' for a hint that says something else."""
    command, _, words = finding.hint.partition("bootready prepare (")
    return words.removesuffix(")") if not command and words.endswith(")") else ""


def _is_about(action: Action, finding: Finding) -> bool:
    kind, name = finding.about
    if kind != "variable":
        return False
    if isinstance(action, WriteFile):
        return name in settings_in(action.text)
    return getattr(action, "name", "") == name
