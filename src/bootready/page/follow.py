"""A boot on a page: what is shown, and the thread that reads the last lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
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
from bootready.page.channel import Channel, Page
from bootready.page.live import live_page
from bootready.page.server import serving
from bootready.page.view import PageView, put_outcome
from bootready.pipeline.report import report
from bootready.pipeline.up import shown_sources

LINES, LONGEST = 12, 300
"""Lines of a log that are shown, and characters of each."""
EVERY = 1.0
"""Seconds between two looks."""


@contextmanager
def page_of(request: Request, environ: Mapping[str, str], channel: Channel) -> Iterator[str]:
    """Serve the page of a project; yields its address. It is made when it is first asked for.

    Raises OSError.
    """

    @lru_cache(maxsize=1)
    def made() -> Page:
        stack, source = report(
            request, environ
        )  # with the engine: a port that is ours is not taken
        return live_page(stack, source)

    with serving(channel, made) as address:
        yield address


@contextmanager
def log_of(
    project: Project, environ: Mapping[str, str], channel: Channel, named: Callable[[], str]
) -> Iterator[None]:
    """Tell the last lines of the service that `named` returns, secrets masked, once a second."""
    over = Event()

    def read() -> None:
        redact = project_redactor(project)
        while not over.wait(EVERY):
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
    view = PageView(inner, channel, project.directory)
    shown = page_of(request, environ, channel)
    with shown as address, log_of(project, environ, channel, lambda: view.watched):
        yield address, view


def put_end(project: Project, view: PageView, outcome: BootOutcome) -> None:
    """Tell how a boot ended."""
    sources = shown_sources(project, outcome)
    put_outcome(view.channel, outcome, sources, project.directory)
