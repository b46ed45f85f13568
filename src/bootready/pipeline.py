"""Joins the stages: read, resolve, check, plan, apply, boot. Nothing else knows them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bootready.check.api import Context
from bootready.check.discover import choose, index
from bootready.check.run import Evidence, run_entries
from bootready.check.settings import Settings
from bootready.check.silence import silences_in
from bootready.errors import EngineError
from bootready.model.finding import Needs, Verdict
from bootready.model.project import Project
from bootready.model.request import Request

if TYPE_CHECKING:
    from bootready.boot.up import Options, View
    from bootready.model.boot import BootOutcome


def load(request: Request, environ: Mapping[str, str]) -> Project:
    """Return the project that `request` means. Raises ProjectError where there is no model."""
    from bootready.resolve.build import load_project  # noqa: PLC0415 - checks alone need none

    return load_project(request, environ)


def observe(project: Project, environ: Mapping[str, str], *, engine: bool = True) -> Evidence:
    """Return the evidence that there is; `engine` False leaves the engine unasked."""
    from bootready.host.local import LocalHost  # noqa: PLC0415 - as in load

    missing = {Needs.REGISTRY: "registries are never asked"}
    if not engine:
        from bootready.engine.recorded import RecordedEngine  # noqa: PLC0415 - as in load

        missing[Needs.ENGINE] = "it was not asked (--engine none)"
        unasked = RecordedEngine(None, missing[Needs.ENGINE])
        return Evidence(Context(project, LocalHost(), unasked), missing)
    from bootready.engine.observe import LocalEngine  # noqa: PLC0415 - as in load

    asked = LocalEngine(environ)
    if not asked.reachable:
        missing[Needs.ENGINE] = asked.unreachable_reason
    if not asked.local:
        missing[Needs.HOST] = "the engine is another machine, this one says nothing about it"
    return Evidence(Context(project, LocalHost(), asked), missing)


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


def up(  # noqa: PLR0917 - what one boot needs to know
    project: Project,
    request: Request,
    environ: Mapping[str, str],
    options: Options,
    view: View,
    verify_seconds: float = 60.0,
) -> BootOutcome:
    """Boot the project and ask its endpoints; EngineError where no engine or Compose answers."""
    from bootready.boot.selection import selected  # noqa: PLC0415 - as in load
    from bootready.boot.up import boot  # noqa: PLC0415 - as in load
    from bootready.boot.verify import verify  # noqa: PLC0415 - as in load
    from bootready.engine.api import connect  # noqa: PLC0415 - as in load
    from bootready.engine.compose import find_compose  # noqa: PLC0415 - as in load

    api = connect(environ)
    api.ping()
    compose = find_compose(environ)
    outcome = boot(project, request, compose, api, options=options, view=view)
    if not outcome.ready:
        return outcome
    services = selected(project, options.services)
    return outcome._replace(endpoints=verify(project, services, api, verify_seconds))


def look(project: Project, environ: Mapping[str, str], services: Sequence[str] = ()) -> BootOutcome:
    """Return the state of a stack that somebody else has started, with diagnoses of what fails."""
    from bootready.boot.look import look_at  # noqa: PLC0415 - as in load
    from bootready.engine.api import connect  # noqa: PLC0415 - as in load

    api = connect(environ)
    api.ping()
    return look_at(project, api, services)


def down(request: Request, environ: Mapping[str, str]) -> None:
    """Take the project's containers and networks down; data stays. Raises EngineError."""
    from bootready.engine.compose import find_compose  # noqa: PLC0415 - as in load

    outcome = find_compose(environ).run(request, "down", timeout=300)
    if outcome.exit_code != 0:
        raise EngineError("'docker compose down' failed", outcome.argv, stderr=outcome.stderr)
