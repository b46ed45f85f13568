"""A verdict -> the same with who repairs what: `check` and `validate` say the same of a finding."""

from __future__ import annotations

from bootready.check.api import Context, Trait
from bootready.check.discover import with_trait
from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.typed import Mapping

_MOST = 100
"""Findings of which it is asked who repairs them, if the text alone says so."""


def with_next_steps(
    context: Context,
    request: Request,
    environ: Mapping[str, str],
    verdict: Verdict,
    *,
    failing: Severity,
    remedies: bool,
    engine: bool,
) -> Verdict:
    """Return the verdict with hints and remedies that take another look at the project.

    Remedies are found if a format shows them (`remedies`), or if nothing says yet what repairs a
    finding that is at least as grave as `failing`.
    """
    project = context.project
    if any(_is_literal(one, project) for one in verdict.findings):
        from bootready.pipeline.values import with_hints

        verdict = with_hints(context, request, environ, verdict)
    if remedies or _is_unclear(verdict, failing):
        from bootready.pipeline.remedied import with_remedies

        verdict = with_remedies(request, environ, project, verdict, engine=engine)
    return verdict


def _is_literal(finding: Finding, project: Project) -> bool:
    """Tell whether a placeholder stands in a Compose file itself, which `fix` may take out."""
    places = (finding.primary, *finding.related)
    return finding.check_id == "value-placeholder" and any(
        place is not None and place.span.file in project.files for place in places
    )


def _is_unclear(verdict: Verdict, failing: Severity) -> bool:
    """Tell whether it takes another look to say what repairs that which stops the project.

    Where nothing stops it, what `prepare` may set is to be told: nobody types it who reads ``up``.
    A note is no reason to resolve and check the project twice.
    """
    if len(verdict.findings) > _MOST:
        return False
    grave = [one for one in verdict.findings if one.severity.rank <= failing.rank]
    set_by_prepare = with_trait(Trait.SET_BY_PREPARE)
    asked = grave or [
        one
        for one in verdict.findings
        if one.check_id in set_by_prepare and one.severity is not Severity.NOTE
    ]
    return any(one.remedy is None and one.primary is not None for one in asked)
