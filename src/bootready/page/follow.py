"""A boot on a page: what is shown, and the thread that reads the last lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread

from bootready.boot.secret_files import project_redactor
from bootready.boot.up import View
from bootready.engine.api import connect
from bootready.engine.container import project_containers
from bootready.errors import BootreadyError
from bootready.model.boot import BootOutcome
from bootready.model.node import Plain
from bootready.model.printable import printable
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.page.channel import Channel
from bootready.page.examined import Examined
from bootready.page.server import serving
from bootready.page.stack import stack_of
from bootready.page.view import PageView, put_outcome
from bootready.pipeline.up import shown_sources

LINES, LONGEST = 12, 300
"""Lines of a log that are shown, and characters of each."""
EVERY = 1.0
"""Seconds between two looks."""


@contextmanager
def page_of(
    project: Project, request: Request, environ: Mapping[str, str], channel: Channel
) -> Iterator[tuple[str, Examined]]:
    """Serve the page of a project, with what its files say and how its containers are.

    Yields its address, and the last look at the files. Raises OSError.
    """
    examined = Examined(request, environ, channel)
    with (
        serving(channel, examined.page) as address,
        examined.watching(),
        stack_of(lambda: project, environ, channel),
    ):
        yield address, examined


@contextmanager
def log_of(
    project: Project, environ: Mapping[str, str], channel: Channel, named: Callable[[], str]
) -> Iterator[None]:
    """Tell the last lines of the service that `named` returns, secrets masked, once a second."""
    over = Event()

    def read() -> None:
        redact = project_redactor(project)
        while not over.wait(EVERY):
            if not channel.listened_to:
                continue
            with suppress(BootreadyError, OSError):
                channel.put(log=last_lines(project, environ, named(), redact))

    thread = Thread(target=read, daemon=True, name="page-log")
    thread.start()
    try:
        yield
    finally:
        over.set()


def last_lines(
    project: Project, environ: Mapping[str, str], service: str, redact: Callable[[str], str]
) -> Plain:
    """Return the last lines of a service, secrets masked; nothing of '', or without a container.

    Raises EngineError.
    """
    if not service:
        return {}
    api = connect(environ)
    ours = [one for one in project_containers(api, project.name) if one.service == service]
    if not ours:
        return {}
    newest = max(ours, key=lambda one: one.created)
    lines: list[Plain] = [printable(redact(line)[:LONGEST]) for line in api.logs(newest.id, LINES)]
    return {"service": service, "lines": lines}


@contextmanager
def boot_on_page(
    project: Project, request: Request, environ: Mapping[str, str], inner: View
) -> Iterator[tuple[str, PageView]]:
    """Serve a page that follows a boot; yields its address and the view to boot with."""
    channel = Channel()
    channel.put(began=time.time())
    view = PageView(inner, channel, project)
    shown = page_of(project, request, environ, channel)
    with shown as (address, examined), log_of(project, environ, channel, lambda: view.watched):
        view.examined = examined
        yield address, view


def put_end(project: Project, view: PageView, outcome: BootOutcome) -> None:
    """Tell how a boot ended."""
    sources = shown_sources(project, outcome)
    put_outcome(view.channel, outcome, sources, project)
    if view.examined is not None:
        view.examined.blame(outcome.diagnoses)
