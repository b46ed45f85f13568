"""`bootready check`: every prerequisite of first boot, in one run; writes nothing but reports."""

from __future__ import annotations

import os

from bootready import pipeline
from bootready.check.run import Evidence
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
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline.next_steps import with_next_steps
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bootready.engine.observe import LocalEngine


class Seen(NamedTuple):
    """A project, the evidence on it, and its verdict with what that is shown from."""

    project: Project
    evidence: Evidence
    looked: Looked


@uncollected
def run(arguments: list[str]) -> int:
    """Check the project; 0 ready, 1 findings at or above --fail-on, 2 it cannot be read."""
    options = wishes_from(arguments)
    if options.probe:
        _may_probe(options)
    return conclude(options, lambda: _looker(options))


def _may_probe(options: CheckWishes) -> None:
    """Have a signal remove the jobs as well. Raises UsageError if no node can be asked."""
    from bootready.cli.words.stopping import stop_when_told
    from bootready.errors import UsageError

    if options.target != "swarm" or options.engine == "none":
        raise UsageError("--probe asks the nodes of a swarm", "use --target swarm --engine auto")
    stop_when_told()


def _looker(options: CheckWishes) -> Look:
    return lambda request: see(options, request).looked


def see(options: CheckWishes, request: Request) -> Seen:
    """Look at the project of `request` as `options` wish. Raises ProjectError, UsageError."""
    asks_engine = options.engine != "none" and options.target != "swarm"
    ahead = pipeline.asked_ahead(os.environ) if asks_engine else None
    try:
        return _seen(options, request, ahead)
    finally:
        if ahead:
            ahead.let_go()


def _seen(options: CheckWishes, request: Request, ahead: LocalEngine | None) -> Seen:
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
        ahead=ahead,
        registry=options.registry,
        swarm=options.target == "swarm",
        probe=options.probe,
    )
    verdict = pipeline.check(evidence, names_in(options.only), names_in(options.skip), settings)
    verdict = verdict._replace(gone=())  # `validate` knows: what it found may be mended here alone
    verdict = with_next_steps(
        evidence.context,
        request,
        os.environ,
        verdict,
        failing=failing,
        remedies=wants_remedies(options),
        engine=asked,
    )
    source = source_of(project, failing, root)
    looked = Looked(verdict, source, project.name, includes=tuple(project.included_variables))
    return Seen(project, evidence, looked)
