"""What a check module imports: the decorator, the context with its evidence, and the report
helper.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from bootready.model.finding import Finding, Needs, Remedy, Safety, Severity
from bootready.model.position import Location
from bootready.model.project import Project

__all__ = [
    "Check",
    "Context",
    "Engine",
    "FileFact",
    "Finding",
    "Host",
    "Iterator",
    "Listener",
    "Needs",
    "Remedy",
    "Report",
    "Safety",
    "Severity",
    "check",
]


class FileFact(NamedTuple):
    """What is known of one path; `kind` is file, directory, socket, device or other; `mode` in
    octal bits.
    """

    kind: str
    uid: int
    gid: int
    mode: int
    size: int


class Listener(NamedTuple):
    """A process that listens on a port of the host; `process` is '' and `pid` 0 when it cannot be
    seen.
    """

    address: str
    port: int
    protocol: str
    process: str
    pid: int


class Host(Protocol):
    """Facts about the machine that the project would boot on. Read-only; paths are absolute."""

    def file(self, path: str) -> FileFact | None:
        """Return what is at `path`, symlinks followed, or None."""

    def readable_by(self, path: str, uid: int, gids: Sequence[int]) -> bool:
        """Tell whether a process of that user and those groups can read `path` (mode bits and
        ACL).
        """

    def read_text(self, path: str, limit: int = 1_000_000) -> str | None:
        """Return the text of a small file, or None where it cannot be read."""

    def read_bytes(self, path: str, limit: int = 1_000_000) -> bytes | None:
        """Return the bytes of a small file, or None where it cannot be read."""

    def listeners(self) -> Sequence[Listener]:
        """Return every TCP and UDP listener of this machine."""

    def tracked_by_git(self, path: str) -> bool | None:
        """Tell whether git tracks `path`; None where there is no repository."""

    def ignored_by_git(self, path: str) -> bool | None:
        """Tell whether git ignores `path`; None where there is no repository."""

    def now(self) -> float:
        """Return the time in seconds since the epoch."""


class Engine(Protocol):
    """Facts about the Docker Engine, read once."""

    @property
    def reachable(self) -> bool:
        """Whether the engine answered."""

    @property
    def unreachable_reason(self) -> str:
        """Why it did not, in words, or ''."""

    @property
    def version(self) -> str:
        """The engine's version, such as '28.5.1', or ''."""

    def networks(self) -> Sequence[str]:
        """Return the names of the networks that exist."""

    def volumes(self) -> Sequence[str]:
        """Return the names of the volumes that exist."""

    def images(self) -> Sequence[str]:
        """Return the references of the local images."""

    def image_user(self, image: str) -> str | None:
        """Return the user that a local image runs as ('' is root), or None when the image is not
        here.
        """


class Context(NamedTuple):
    """The evidence that a check may read. What a check does not declare in `needs` is not there
    for it.
    """

    project: Project
    host: Host
    engine: Engine


class Report(Protocol):
    """Makes a finding of the running check."""

    def __call__(
        self,
        primary: Location | None,
        message: str,
        *,
        related: Sequence[Location] = (),
        hint: str = "",
        remedy: Remedy | None = None,
        severity: Severity | None = None,
        consequence: str = "",
    ) -> Finding:
        """Return the finding; `severity` only to say less than the check's own."""


CheckFunction = Callable[[Context, Report], Iterator[Finding]]


class Check(NamedTuple):
    """One entry of the catalogue."""

    id: str
    summary: str
    severity: Severity
    needs: tuple[Needs, ...]
    since: str
    reference: str
    former_ids: tuple[str, ...]
    page: str
    """The documentation, Markdown."""
    function: CheckFunction


def check(
    *,
    summary: str,
    severity: Severity,
    since: str,
    needs: Needs | tuple[Needs, ...] = Needs.PROJECT,
    reference: str = "",
    former_ids: tuple[str, ...] = (),
) -> Callable[[CheckFunction], Check]:
    """Turn a generator function into an entry of the catalogue; its id is its kebab-case name."""

    def enter(function: CheckFunction) -> Check:
        return Check(
            id=function.__name__.replace("_", "-"),
            summary=summary,
            severity=severity,
            needs=needs if isinstance(needs, tuple) else (needs,),
            since=since,
            reference=reference,
            former_ids=former_ids,
            page=textwrap.dedent(function.__doc__ or "").strip(),
            function=function,
        )

    return enter
