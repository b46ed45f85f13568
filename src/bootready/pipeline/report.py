"""Takes a request; returns the picture of the whole project, its verdict and what it shows from."""

from __future__ import annotations

from collections.abc import Mapping

from bootready.check.run import Evidence
from bootready.check.settings import read_settings
from bootready.errors import EngineError
from bootready.model.finding import Severity, Verdict
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.pipeline import check, load, observe, root_of
from bootready.report.formats.text import Source
from bootready.report.project.collect import collect
from bootready.report.project.view import Stack
from bootready.report.talks import Talk
from bootready.typed import NamedTuple


class Reported(NamedTuple):
    """The picture, the texts and directory that its places are shown from, and the project."""

    stack: Stack
    source: Source
    project: Project


def report(request: Request, environ: Mapping[str, str], *, engine: bool = True) -> Reported:
    """Look at the project and, where there is one, at the engine; nothing is written.

    Raises ProjectError where there is no model to look at.
    """
    project = load(request, environ)
    settings = read_settings(project.directory, root_of(project.directory))
    evidence = observe(project, environ, engine=engine)
    verdict = check(evidence, settings=settings)
    source = Source(project.directory, project.sources, settings.fail_on or Severity.ERROR)
    return Reported(picture(project, evidence, verdict), source, project)


def picture(project: Project, evidence: Evidence, verdict: Verdict) -> Stack:
    """Return the picture; the engine of `evidence`, if there is one, says how containers are."""
    asked = evidence.context.engine
    try:
        containers = tuple(asked.containers()) if asked.reachable else ()
    except EngineError:  # it went away between two questions
        containers = ()
    return collect(project, verdict, containers, talks(project))


def talks(project: Project) -> tuple[Talk, ...]:
    """Return who of the project's services talks to whom."""
    from bootready.connections.find import connections_of
    from bootready.host.local import LocalHost
    from bootready.report.talks import talks_of

    names = [service.name for service in project.services]
    return talks_of(connections_of(project, LocalHost()).found, names)
