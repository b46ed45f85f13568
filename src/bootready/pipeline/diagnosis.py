"""A project that somebody started -> why it is not up, or what keeps it from being started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.boot.look import Tell
from bootready.check.settings import read_settings
from bootready.engine.api import connect
from bootready.engine.container import started_elsewhere
from bootready.model.boot import BootOutcome
from bootready.model.finding import Severity, Verdict
from bootready.model.project import Project
from bootready.pipeline import check, observe, root_of
from bootready.pipeline.up import explain
from bootready.report.boot import boot_values
from bootready.report.formats.json import verdict_object
from bootready.report.formats.text import Source
from bootready.typed import NamedTuple


class Diagnosed(NamedTuple):
    """What the engine says of a project, and the verdict of `check` if it has to say why."""

    outcome: BootOutcome
    verdict: Verdict | None = None
    source: Source = Source()
    elsewhere: bool = False
    """Whether the containers are those of another directory, so that nothing was said of this."""

    @property
    def ready(self) -> bool:
        """Whether everything of this project is up."""
        return self.outcome.ready and not self.elsewhere


def diagnosed(
    project: Project,
    environ: Mapping[str, str],
    services: Sequence[str] = (),
    *,
    tell: Tell | None = None,
) -> Diagnosed:
    """Return why the project, or these `services` of it, are not up. Raises EngineError."""
    # First: what this project says of its containers is not asked in those of another one.
    if started_elsewhere(connect(environ), project.name, project.directory):
        nothing = BootOutcome(project.name, (), (), (), (), 0.0, 0.0, changed=False)
        return Diagnosed(nothing, *_verdict(project, environ, ("project-taken",)), elsewhere=True)
    outcome = explain(project, environ, services, tell=tell)
    if not outcome.begun:
        return Diagnosed(outcome, *_verdict(project, environ))
    return Diagnosed(outcome)


def diagnosis_values(found: Diagnosed, project: Project) -> dict[str, object]:
    """Return the diagnosis as JSON can hold it."""
    values: dict[str, object] = dict(boot_values(found.outcome))
    if found.verdict is not None:
        values["check"] = verdict_object(found.verdict, found.source, project.name)
    return values


def _verdict(
    project: Project, environ: Mapping[str, str], only: Sequence[str] = ()
) -> tuple[Verdict, Source]:
    root = root_of(project.directory)
    settings = read_settings(project.directory, root)
    verdict = check(observe(project, environ), only, settings=settings)
    failing = settings.fail_on or Severity.ERROR
    return verdict, Source(project.directory, project.sources, failing, root)
