"""Running stacks, looked at once a second -> the channel of each: how it is, or was when last seen.

An engine that goes away, files that cannot be read for a while, `down` and `up`: the page stays
open, says so, keeps the picture that it had, and follows again by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress

from bootready.boot.secret_files import project_redactor, redacted
from bootready.boot.stack.nodes import NodeTasks
from bootready.engine.api import connect
from bootready.engine.container import started_elsewhere
from bootready.errors import BootreadyError, EngineError
from bootready.knowledge.secrets.forms import masked
from bootready.model.boot import BootOutcome, Phase
from bootready.model.node import Plain
from bootready.model.printable import printable
from bootready.model.project import Project
from bootready.model.request import Request
from bootready.page.channel import Channel, Page, Served
from bootready.page.examined import Examined
from bootready.page.follow import EVERY, last_lines
from bootready.page.live import list_page, live_page, message_page
from bootready.page.server import serving
from bootready.page.since import Since
from bootready.page.stack import stack_of
from bootready.page.stamps import Stamps, files_of, stamps_of
from bootready.page.view import put_outcome, watched
from bootready.pipeline import load
from bootready.pipeline.deploy import stack_seen
from bootready.pipeline.report import Reported, report
from bootready.pipeline.up import look, shown_sources
from bootready.typed import NamedTuple

ANSWERS_WITHIN = 2.0
"""Seconds in which an engine that has been silent has to answer a ping."""


class Place(NamedTuple):
    """A project whose stack is followed: what was asked for, and how it is called in a list."""

    request: Request
    name: str
    target: str = "compose"


class Followed:
    """A stack and its page; `look` tells the channel, and raises nothing for what may pass."""

    def __init__(self, place: Place, environ: Mapping[str, str]) -> None:
        self.place = place
        self.channel = Channel()
        self.environ = environ
        self._project: Project | None = None
        self._files: tuple[str, ...] = ()
        self._stamps: Stamps = ()
        self._redact: Callable[[str], str] = masked
        self._edition = 0
        self._there = False
        self._seen = 0
        self._made: tuple[tuple[int, bool, Stamps], Page] | None = None
        self._phases: tuple[Phase, ...] = ()
        self._since = Since()
        self._examined = Examined(place.request, environ, self.channel)
        self.channel.put(said="looking", services=[])

    def project(self) -> Project | None:
        """Return what its files say; None while the stack is not seen, and for a swarm's."""
        return self._project if self.place.target == "compose" and self._there else None

    def load(self) -> Project:
        """Return the project, read again if a file of it has changed. Raises BootreadyError."""
        if self._project is None or self._stamps != stamps_of(self._files):
            self._project = None
            self._project = load(self.place.request, self.environ)
            self._files = files_of(self._project, self.place.request)
            self._stamps = stamps_of(self._files)
            self._redact = project_redactor(self._project)
            self._edition += 1
            self.channel.put(edition=self._edition)
        return self._project

    def look(self) -> None:
        """Look once, and tell how the stack is; where that cannot be seen, why, and keep it."""
        try:
            project = self.load()
            outcome, nodes = self._looked(project)
        except BootreadyError as error:
            self._there = False
            self.channel.put(said=printable(self._redact(error.message)), old=True, seen=self._seen)
            return
        self._there, self._seen = True, int(time.time())
        self._phases = tuple(state.phase for state in outcome.states)
        if self.place.target == "compose":
            began, outcome = self._since.boot(project, outcome, time.time())
            self.channel.put(epoch=began)
        put_outcome(self.channel, outcome, shown_sources(project, outcome), project)
        self._examined.blame(outcome.diagnoses)
        if all(phase is Phase.WAITING for phase in self._phases):
            self.channel.put(said="not running; bootready up boots it")
        self.channel.put(old=False, nodes=_nodes(nodes, self._redact))
        with suppress(BootreadyError, OSError):
            shown = watched(outcome.states) if self.place.target == "compose" else ""
            self.channel.put(log=last_lines(project, self.environ, shown, self._redact))

    def page(self) -> Page:
        """Return the page; made again once files have changed, or the engine has gone or come."""
        key = (self._edition, self._there, stamps_of(self._files))
        if self._made is None or self._made[0] != key:
            try:
                found = self._report()
                self._made = (key, live_page(found.stack, found.source))
                self._examined.take(found)
            except BootreadyError as error:
                return message_page(self.place.name, self._redact(error.message))
        return self._made[1]

    def _report(self) -> Reported:
        try:
            return report(self.place.request, self.environ)
        except EngineError:  # what the files say can be shown all the same
            return report(self.place.request, self.environ, engine=False)

    def summary(self, number: int) -> Plain:
        """Return the line about this stack in the list of several."""
        up, services = sum(phase.good for phase in self._phases), len(self._phases)
        is_down = all(phase is Phase.WAITING for phase in self._phases)
        state = "down" if is_down else "up" if up == services else "part"
        return {
            "number": number,
            "name": printable(self.place.name),
            "state": state if self._there else "old",
            "up": up,
            "services": services,
        }

    def _looked(self, project: Project) -> tuple[BootOutcome, tuple[NodeTasks, ...]]:
        api = connect(self.environ)
        if not self._there and not api.is_alive(ANSWERS_WITHIN):
            api.ping()  # says why
        if self.place.target == "swarm":
            outcome, nodes = stack_seen(project.name, self.environ)
            found = tuple(redacted(one, self._redact) for one in outcome.diagnoses)
            return outcome._replace(diagnoses=found), nodes
        if started_elsewhere(api, project.name, project.directory):
            raise EngineError(f"another directory has containers of '{project.name}'")
        return look(project, self.environ, self.place.request.services, epoch=True), ()


def follow(stacks: Sequence[Followed], listing: Channel) -> None:
    """Look at every stack once a second, until Ctrl-C; each is told how the others are."""
    while True:
        began = time.monotonic()
        for one in stacks:
            one.look()
        if len(stacks) > 1:
            projects: list[Plain] = [one.summary(n) for n, one in enumerate(stacks, 1)]
            for number, one in enumerate(stacks, 1):
                one.channel.put(projects=projects, number=number)
            listing.put(projects=projects, said=_counted(stacks, projects))
        time.sleep(max(0.1, EVERY - (time.monotonic() - began)))


@contextmanager
def serving_stacks(stacks: Sequence[Followed]) -> Iterator[tuple[str, Channel]]:
    """Serve the pages of stacks; yields the address, and the channel of their list.

    One stack is at the address itself, of several the list of them. Raises OSError.
    """
    listing = Channel()
    pages = [Served(one.channel, one.page) for one in stacks]
    if len(pages) > 1:
        pages = [Served(listing, list_page), *pages]
    with ExitStack() as running, serving(pages[0].channel, pages[0].page, pages[1:]) as address:
        for one in stacks:
            running.enter_context(stack_of(one.project, one.environ, one.channel))
        yield address, listing


def _counted(stacks: Sequence[Followed], projects: Sequence[Plain]) -> str:
    good = sum(isinstance(one, dict) and one["state"] == "up" for one in projects)
    return f"{good} of {len(stacks)} projects up"


def _nodes(nodes: Sequence[NodeTasks], redact: Callable[[str], str]) -> list[Plain]:
    found: list[Plain] = []
    for node, tasks in nodes:
        words = [node.state, node.availability, node.role] if node else []
        told: list[Plain] = [
            {
                "service": printable(task.service + (f".{task.slot}" if task.slot else "")),
                "state": printable(task.state),
                "said": printable(redact(task.said)),
            }
            for task in tasks
        ]
        found.append(
            {
                "name": printable(node.name) if node else "",
                "words": [printable(word) for word in words if word not in {"active", "worker"}],
                "good": bool(node and node.takes_tasks),
                "tasks": told,
            }
        )
    return found
