"""A whole project to look at: its services, what they need, how they are, and what is wrong."""

from __future__ import annotations

from bootready.model.finding import Finding, Severity, Verdict
from bootready.report.talks import Talk
from bootready.typed import NamedTuple


class Edge(NamedTuple):
    """`service` is started after `needs`; `condition` as Compose names it."""

    service: str
    needs: str
    condition: str
    required: bool = True


class ServiceCard(NamedTuple):
    """One service; `state` is what the engine says of its containers, '' where it is not asked."""

    name: str
    image: str
    built: bool
    place: str
    """``file:line`` of its definition."""
    ports: tuple[str, ...]
    networks: tuple[str, ...]
    volumes: tuple[str, ...]
    secrets: tuple[str, ...]
    healthcheck: str
    """``own``, ``disabled`` or '' for none in the Compose files."""
    restart: str
    user: str
    state: str
    worst: Severity | None
    """The gravest severity of all findings that touch it."""
    touched: int
    """How many findings touch it."""


class Group(NamedTuple):
    """Findings about one service, or, with `service` '', about the project as such."""

    service: str
    findings: tuple[Finding, ...]


class Stack(NamedTuple):
    """Everything that a report shows."""

    project: str
    cards: tuple[ServiceCard, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...]
    verdict: Verdict
    disabled: tuple[str, ...]
    files: tuple[str, ...]
    """The Compose files, relative to the project's directory where they are below it."""
    talks: tuple[Talk, ...] = ()
    """Who talks to whom."""
