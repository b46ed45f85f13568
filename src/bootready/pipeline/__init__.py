"""Joins the stages. Here: read, resolve and check; beside it one module per verb that does more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.check.api import Context
from bootready.check.discover import choose, index
from bootready.check.run import Evidence, run_entries
from bootready.check.settings import Settings
from bootready.check.silence import silences_in
from bootready.model.finding import Needs, Verdict
from bootready.model.project import Project
from bootready.model.request import Request


def load(request: Request, environ: Mapping[str, str]) -> Project:
    """Return the project that `request` means. Raises ProjectError where there is no model."""
    from bootready.resolve.build import load_project

    return load_project(request, environ)


def observe(project: Project, environ: Mapping[str, str], *, engine: bool = True) -> Evidence:
    """Return the evidence that there is; `engine` False leaves the engine unasked."""
    from bootready.host.local import LocalHost

    missing = {Needs.REGISTRY: "registries are not queried"}
    if not engine:
        from bootready.engine.recorded import RecordedEngine

        missing[Needs.ENGINE] = "it was not queried (--engine none)"
        unasked = RecordedEngine(None, missing[Needs.ENGINE])
        return Evidence(Context(project, LocalHost(environ), unasked), missing)
    from bootready.engine.observe import LocalEngine

    asked = LocalEngine(environ)
    if not asked.reachable:
        missing[Needs.ENGINE] = asked.unreachable_reason
    if not asked.local:
        missing[Needs.HOST] = "the engine runs on another machine"
    return Evidence(Context(project, LocalHost(environ), asked), missing)


def check(
    evidence: Evidence,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    settings: Settings | None = None,
) -> Verdict:
    """Return the verdict of the catalogue on the project in `evidence`.

    `only` and `skip` name checks or topics; UsageError for one that is unknown.
    """
    settings = settings or Settings()
    entries = choose(index(), only or settings.only, (*skip, *settings.skip))
    sources = evidence.context.project.sources
    return run_entries(entries, evidence, (*silences_in(sources), *settings.silences))


def root_of(directory: str) -> str:
    """Return where `prepare` writes without being told: the repository, or the directory itself."""
    from bootready.host.repository import repository_below_home

    return repository_below_home(directory) or directory


def read_text_file(path: str) -> str | None:
    """Return the text of a small file, None where there is none that can be read."""
    from bootready.host.local import LocalHost

    return LocalHost().read_text(path)
