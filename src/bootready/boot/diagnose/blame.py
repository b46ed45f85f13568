"""Failing services and what they wrote -> which of them fail only because another one does.

`depends_on` tells part of it. The rest stands in their last words: a program that cannot reach
another failing service is no root, unless both wait for each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from bootready.model.boot import Phase, ServiceState
from bootready.model.project import Project, Service

LINES = 12
"""So many of the last lines may say for whom a service waits."""

_COMPLAINS = re.compile(
    r"wait|connect|refused|unreachable|resolv|lookup|getaddrinfo|retry|timed? ?out|no such host"
    r"|translate host|name or service not known|dial|bad address|unavailable|not ready",
    re.IGNORECASE,
)

_BEFORE = "for|to|host|name|lookup|resolve|address|dial tcp|ENOTFOUND"


def reasons(
    project: Project, logs: Mapping[str, Sequence[str]]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return for each service in `logs` the others of them that it waits for, with its words."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, lines in logs.items():
        complaints = [line for line in lines[-LINES:] if _COMPLAINS.search(line)]
        blamed = []
        for other in logs:
            service = project.service(other)
            line = next((one for one in reversed(complaints) if _names(one, service)), None)
            if other != name and line is not None:
                blamed.append((other, line.strip()))
        found[name] = tuple(blamed)
    return found


def roots(
    blamed: Mapping[str, Sequence[tuple[str, str]]], failing: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Return the roots in their order, each with the others that wait for it as it does for them.

    A circle is one cause: only its first service stays, with the names of the others. Who does not
    fail, but is not up yet, is no root; it may be part of a circle.
    """
    reached = {name: _reached(name, blamed) for name in blamed}
    kept: dict[str, tuple[str, ...]] = {}
    for name, others in reached.items():
        circle = tuple(one for one in others if name in reached[one] and one != name)
        elsewhere = set(failing) & set(others) - {name, *circle}
        if name not in failing or elsewhere or any(one in kept for one in circle):
            continue
        kept[name] = circle
    return kept


def held_back(project: Project, name: str, states: Mapping[str, ServiceState]) -> tuple[str, ...]:
    """Return the services that were never started because `name` did not come up."""
    needed_by: dict[str, list[str]] = {}
    for service in project.services:
        for dependency in service.depends_on:
            needed_by.setdefault(dependency.service, []).append(service.name)
    waiting: set[str] = set()
    pending = [name]
    while pending:
        for other in needed_by.get(pending.pop(), ()):
            if other not in waiting:
                waiting.add(other)
                pending.append(other)
    waiting.discard(name)
    return tuple(
        other
        for other, state in states.items()
        if state.started is None and state.phase is Phase.WAITING and other in waiting
    )


def _reached(name: str, blamed: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    pending = [name]
    while pending:
        for other, _ in blamed[pending.pop()]:
            if other not in found:
                found[other] = None
                pending.append(other)
    return tuple(found)


def _names(line: str, service: Service | None) -> bool:
    """Tell whether `line` names the service as one names a host, not as a word of English."""
    if service is None:
        return False
    aliases = [alias for network in service.networks for alias in network.aliases]
    for name in filter(None, (service.name, service.container_name, *aliases)):
        if name not in line:
            continue  # nearly always, and far quicker than a pattern of its own
        word = re.escape(name)
        host = rf"(?:[/@\"'(=]{word}(?![\w.-])|(?<![\w.-]){word}:\d)"
        prose = rf"\b(?:{_BEFORE}):? {word}(?=$|\s*[:,.)!;/]| on )"
        if re.search(f"{host}|{prose}", line):
            return True
    return False
