"""Takes a prepared project; boots it, looks at it, takes it down, and returns what happened."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from bootready.boot.selection import selected
from bootready.boot.up import boot
from bootready.boot.verify.clients import rejected_clients
from bootready.boot.verify.meanwhile import Meanwhile
from bootready.boot.watch.lives import past_events
from bootready.engine.api import Api, connect, text
from bootready.engine.compose import find_compose
from bootready.engine.container import SERVICE_LABEL
from bootready.errors import BootreadyError, EngineError
from bootready.knowledge.secrets.first_values import FirstValue, keys_of, passwords_of
from bootready.model.boot import BootOutcome, Phase
from bootready.model.node import Plain
from bootready.model.project import Project, Service
from bootready.model.request import Request
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.boot.look import Tell
    from bootready.boot.up import Options, View
    from bootready.boot.verify.endpoints import Asking


SHORTEST = 3.0
"""Seconds that endpoints have to answer, however late it is."""


def up(  # noqa: PLR0917 - what one boot needs to know
    project: Project,
    request: Request,
    environ: Mapping[str, str],
    options: Options,
    view: View,
    verify_seconds: float = 60.0,
) -> BootOutcome:
    """Boot the project and ask its endpoints; EngineError where no engine or Compose answers."""
    api = connect(environ)
    api.ping()
    compose = find_compose(environ)
    services = selected(project, options.services)

    def begin(spent: float) -> Asking:
        from bootready.boot.verify.endpoints import Asking  # while Compose works

        left = max(SHORTEST, options.timeout - spent)
        return Asking(project, services, api, min(verify_seconds, left))

    meanwhile = Meanwhile(begin)
    try:
        outcome = boot(
            project, request, compose, api, options=options, view=view, meanwhile=meanwhile
        )
        if not outcome.ready:
            return outcome
        with suppress(BootreadyError, OSError):  # a boot is not to fail for a note of ours
            from bootready.apply.secrets.remember import remember

            remember(project.directory, _seen_to_work(project, services, api))
        began, ended = time.monotonic(), time.time()
        try:
            spent = outcome.seconds - outcome.pull_seconds
            endpoints = meanwhile.answers(spent, view.asking)
        except KeyboardInterrupt:
            return outcome._replace(interrupted=True)
    finally:
        meanwhile.stop()
        view.close()
    spent = time.monotonic() - began
    outcome = outcome._replace(
        endpoints=endpoints,
        seconds=outcome.seconds + spent,
        diagnoses=rejected_clients(project, services, api),
    )
    return _still_up(project, api, outcome, options.services, ended)


def _seen_to_work(project: Project, services: Sequence[Service], api: Api) -> Iterator[FirstValue]:
    """Yield the passwords and keys that the services which are up now were given.

    A database starts with any password. One that is not that of the boot before counts only if a
    client of it is up as well.
    """
    from bootready.boot.diagnose.since import changed_since

    started = {service.name for service in services}
    clients = {one.service for service in services for one in service.depends_on}
    other = {one.value.key for one in changed_since(project, api)}
    for value in (*passwords_of(project), *keys_of(project)):
        taken = value.key not in other or value.encrypts or value.service in clients
        if value.service in started and taken:
            yield value


def _still_up(
    project: Project, api: Api, outcome: BootOutcome, services: Sequence[str], since: float
) -> BootOutcome:
    """Return the outcome, or what became of the services that died after `since` (epoch seconds).

    A program may die while its neighbours are asked, and a port of it may answer all the same.
    """
    running = {one.service for one in outcome.states if one.phase is Phase.READY}
    events = past_events(api, project.name, since)
    died = {text(one, "Actor", "Attributes", SERVICE_LABEL) for one in events if _is_death(one)}
    if not died & running:
        return outcome
    from bootready.boot.look import look_at

    after = look_at(project, api, services, watch=True)
    fallen = {one.service: one for one in after.states if not one.phase.good}
    return outcome._replace(
        states=tuple(fallen.get(one.service, one) for one in outcome.states),
        diagnoses=after.diagnoses,
        seconds=outcome.seconds + after.seconds,
    )


def _is_death(event: Plain) -> bool:
    return text(event, "Action") == "die"


def look(
    project: Project,
    environ: Mapping[str, str],
    services: Sequence[str] = (),
    *,
    epoch: bool = False,
) -> BootOutcome:
    """Return the state of a stack as the engine sees it at this moment. Raises EngineError.

    With `epoch`, the times of services are epoch seconds.
    """
    from bootready.boot.look import look_at

    api = connect(environ)
    api.ping()
    return look_at(project, api, services, watch=False, epoch=epoch)


def explain(
    project: Project,
    environ: Mapping[str, str],
    services: Sequence[str] = (),
    *,
    tell: Tell | None = None,
) -> BootOutcome:
    """Return the state of a stack and why it is not up; what crashed before is watched, and the
    endpoints of what is up are asked. Raises EngineError.
    """
    from bootready.boot.look import look_at
    from bootready.boot.verify.endpoints import verify

    api = connect(environ)
    api.ping()
    outcome = look_at(project, api, services, watch=True, tell=tell)
    if not outcome.ready:
        return outcome
    began = time.monotonic()
    chosen = selected(project, services)
    endpoints = verify(project, chosen, api, SHORTEST)
    spent = time.monotonic() - began
    return outcome._replace(
        endpoints=endpoints,
        seconds=outcome.seconds + spent,
        diagnoses=rejected_clients(project, chosen, api),
    )


def shown_sources(project: Project, outcome: BootOutcome) -> dict[str, str]:
    """Return the files of which diagnoses may show a line, with their secrets masked."""
    if not outcome.diagnoses:
        return {}
    from bootready.boot.secret_files import project_redactor

    redact = project_redactor(project)
    return {file: redact.lines(text) for file, text in project.sources.items()}


def down(request: Request, environ: Mapping[str, str]) -> None:
    """Take the project's containers and networks down; data stays. Raises EngineError."""
    outcome = find_compose(environ).run(request, "down", timeout=300)
    if outcome.exit_code != 0:
        raise EngineError("'docker compose down' failed", outcome.argv, stderr=outcome.stderr)
