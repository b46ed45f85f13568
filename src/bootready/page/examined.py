"""A project's files -> what `check` says of them, anew each time that they change.

The page is made of the same look at them, so that it and the findings beside it agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Lock, Thread

from bootready.errors import BootreadyError, ProjectError
from bootready.model.boot import Diagnosis
from bootready.model.finding import Finding, Severity
from bootready.model.node import Plain
from bootready.model.printable import printable
from bootready.model.request import Request
from bootready.page.channel import Channel, Page
from bootready.page.live import live_page
from bootready.page.stamps import Stamps, files_of, stamps_of
from bootready.pipeline.report import Reported, report
from bootready.report.excerpt import place
from bootready.report.formats.text import Source, command_of
from bootready.report.shown import shown_finding
from bootready.typed import NamedTuple

EVERY = 2.0
"""Seconds between two looks at the files."""
MOST = 200
"""Findings that are told; the page below has all of them."""

Key = tuple[str, str, str]
"""What makes a finding the same after an edit: its check, its message and its file."""


class Place(NamedTuple):
    """A line of a file that a diagnosis is about."""

    file: str
    line: int


class Examined:
    """The last look at a project; the page and its channel are told what has changed since."""

    def __init__(self, request: Request, environ: Mapping[str, str], channel: Channel) -> None:
        self._request = request
        self._environ = environ
        self._channel = channel
        self._lock = Lock()
        self._telling = Lock()
        self._page: Page | None = None
        self._mark: Stamps = ()
        self._files: tuple[str, ...] = ()
        self._first: dict[Key, Finding] | None = None
        self._now: Reported | None = None
        self._blamed: frozenset[Place] = frozenset()

    def page(self) -> Page:
        """Return the page, made when it is first asked for and after each change."""
        with self._lock:
            if self._now is None:
                self._look()
            if self._page is None and self._now is not None:
                self._page = live_page(self._now.stack, self._now.source)
            assert self._page is not None  # noqa: S101 - for the type checker
            return self._page

    def take(self, found: Reported) -> None:
        """Take in what the files say now, and tell what is new in it and what is gone."""
        self._now, self._page = found, None
        if self._first is None:
            self._first = _keyed(found.stack.verdict.findings)
        self._channel.put(unread="")
        self._tell()

    def blame(self, diagnoses: Iterable[Diagnosis]) -> None:
        """Take in what the boot has found: findings at the same lines are confirmed by it."""
        blamed = frozenset(
            Place(where.span.file, where.span.line)
            for one in diagnoses
            for where in (one.location, *one.related)
            if where is not None
        )
        if blamed != self._blamed:
            self._blamed = blamed
            self._tell()

    def outdate(self) -> None:
        """Have the project examined once more: what the engine says has changed."""
        self._mark = (("", 0, 0),)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look at the files while the context lasts and a browser is connected."""
        over = Event()

        def watch() -> None:
            while not over.wait(EVERY):
                if self._channel.listened_to and self._now is not None:
                    self.look_again()

        Thread(target=watch, daemon=True, name="page-files").start()
        try:
            yield
        finally:
            over.set()

    def look_again(self) -> None:
        """Examine the project again if a file of it has changed."""
        with self._lock:
            if self._mark != stamps_of(self._files):
                self._look()

    def _look(self) -> None:
        """Examine the project; files that cannot be read as one are said, the old page stays."""
        self._mark = stamps_of(self._files)
        try:
            found = report(self._request, self._environ)
        except BootreadyError as error:
            if self._now is None:
                raise
            self._channel.put(unread=_refusal(error, self._now.source.directory))
            return
        self._files = files_of(found.project, self._request)
        self._mark = stamps_of(self._files)
        self.take(found)

    def _tell(self) -> None:
        # One at a time until it is put: the boot blames in a thread of its own, and what was read
        # before must not be put after. Not `_lock`: a boot does not wait for a look at the files.
        with self._telling:
            if self._now is None or self._first is None:
                return
            now = self._now
            findings = now.stack.verdict.findings
            found = findings_values(self._first, findings, now.source, self._blamed)
            self._channel.put(findings=found)


def findings_values(
    first: Mapping[Key, Finding],
    findings: Iterable[Finding],
    source: Source,
    blamed: frozenset[Place] = frozenset(),
) -> list[Plain]:
    """Return what is found now, and of `first` what is not found any more; the gravest first.

    A finding at a line of `blamed` is one that the boot has confirmed.
    """
    now = _keyed(findings)
    every = [
        *((one, "" if key in first else "new") for key, one in now.items()),
        *((one, "gone") for key, one in first.items() if key not in now),
    ]
    every.sort(key=lambda one: (one[1] == "gone", one[0].severity.rank))
    return [_values(one, change, source, blamed) for one, change in every[:MOST]]


def _values(finding: Finding, change: str, source: Source, blamed: frozenset[Place]) -> Plain:
    shown = shown_finding(finding)
    places = [where.span for where in (finding.primary, *finding.related) if where is not None]
    confirmed = finding.severity is not Severity.NOTE and any(
        Place(span.file, span.line) in blamed for span in places
    )
    command = f"bootready {command_of(finding.remedy, source)}" if finding.remedy else ""
    return {
        "check": shown.check_id,
        "severity": shown.severity.value,
        "message": shown.brief or shown.message,
        "place": place(finding.primary.span, source.directory) if finding.primary else "",
        "hint": shown.hint,
        "remedy": shown.remedy.title if shown.remedy else "",
        "command": command,
        "change": change,
        "confirmed": confirmed,
    }


def _keyed(findings: Iterable[Finding]) -> dict[Key, Finding]:
    found: dict[Key, Finding] = {}
    for one in findings:
        file = one.primary.span.file if one.primary else ""
        found.setdefault((one.check_id, one.message, file), one)
    return found


def _refusal(error: BootreadyError, directory: str) -> str:
    """Return why the files cannot be read as a project, the first reason with its place."""
    first = error.problems[0] if isinstance(error, ProjectError) and error.problems else None
    if first is None:
        return printable(error.message)
    where = f"{place(first.location.span, directory)}: " if first.location else ""
    return where + printable(first.message)
