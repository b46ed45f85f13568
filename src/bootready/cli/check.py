"""`bootready check`: every prerequisite of first boot, in one run; writes nothing but reports."""

from __future__ import annotations

import os

from bootready import pipeline
from bootready.check.settings import read_settings
from bootready.cli.words.check_options import CheckWishes, wishes_from
from bootready.cli.words.conclude import conclude
from bootready.cli.words.telling import (
    Look,
    Looked,
    failing_severity,
    names_in,
    source_of,
    wants_remedies,
)
from bootready.collecting import uncollected
from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.project import Project
from bootready.model.request import Request


@uncollected
def run(arguments: list[str]) -> int:
    """Check the project; 0 ready, 1 findings at or above --fail-on, 2 it cannot be read."""
    options = wishes_from(arguments)
    return conclude(options, lambda: _looker(options))


def _looker(options: CheckWishes) -> Look:
    return lambda request: _looked(options, request)


def _looked(options: CheckWishes, request: Request) -> Looked:
    project = pipeline.load(request, os.environ)
    root = pipeline.root_of(project.directory)
    settings = read_settings(project.directory, root)
    if not options.baseline:
        settings = settings._replace(baseline=())
    failing = failing_severity(options, settings)
    asked = options.engine != "none"
    evidence = pipeline.observe(
        project,
        os.environ,
        engine=asked,
        registry=options.registry,
        swarm=options.target == "swarm",
    )
    verdict = pipeline.check(evidence, names_in(options.only), names_in(options.skip), settings)
    verdict = verdict._replace(gone=())  # `validate` knows: what it found may be mended here alone
    if any(_is_literal(one, project) for one in verdict.findings):
        from bootready.pipeline.values import with_hints

        verdict = with_hints(evidence.context, request, os.environ, verdict)
    if wants_remedies(options) or _is_unclear(verdict, failing):
        from bootready.pipeline.remedied import with_remedies

        verdict = with_remedies(request, os.environ, project, verdict, engine=asked)
    source = source_of(project, failing, root)
    return Looked(verdict, source, project.name, includes=tuple(project.included_variables))


def _is_literal(finding: Finding, project: Project) -> bool:
    """Tell whether a placeholder stands in a Compose file itself, which `fix` may take out."""
    places = (finding.primary, *finding.related)
    return finding.check_id == "value-placeholder" and any(
        place is not None and place.span.file in project.files for place in places
    )


_MOST = 100
"""Findings of which it is asked who repairs them, if the text alone says so."""


def _is_unclear(verdict: Verdict, failing: Severity) -> bool:
    """Tell whether it takes another look to say what repairs that which stops the project."""
    grave = [one for one in verdict.findings if one.severity.rank <= failing.rank]
    return len(verdict.findings) <= _MOST and any(
        one.remedy is None and one.primary is not None for one in grave
    )
