"""The program does not listen on a published port: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import known_programs, says
from bootready.knowledge.images.conditions import option_value
from bootready.knowledge.images.facts import Listens
from bootready.knowledge.images.known import KnownService
from bootready.model.project import Port


@check(
    summary="the program does not listen on a published port",
    severity=Severity.WARNING,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.listens", "image.closed_ports"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ports",
)
def published_port_unserved(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the container ports in `ports` with those on which a known image listens, by default or
    because of an option or variable.

    ## Why it matters
    Clients of the published port are refused although the service runs.

    ## Remedy
    Publish the port on which the program listens.

    ## When to silence it
    If a plugin or a script in the container opens the port.

    ## Known limits
    Nothing is reported if a mounted configuration may open other ports.
    """
    for known in known_programs(context):
        for fact, care in known.facts(known.image.family.closed_ports):
            for port in known.service.ports:
                if port.target in fact.ports:
                    yield report(
                        port.location,
                        _words(port, known),
                        consequence=says("", care),
                        hint=fact.instead,
                    )
        facts = [*known.facts(known.image.family.listens)]
        if not facts or any(_may_move(fact, known) for fact, _ in facts):
            continue
        closed = {p for fact, _ in known.facts(known.image.family.closed_ports) for p in fact.ports}
        ports, care = _listening(facts, known)
        for port in known.service.ports:
            if port.target not in ports and port.target not in closed and port.protocol == "tcp":
                yield report(
                    port.location,
                    _words(port, known),
                    consequence=says("", care),
                    hint=facts[0][0].instead
                    or f"it listens on {', '.join(map(str, sorted(ports)))}",
                )


def _words(port: Port, known: KnownService) -> str:
    image = known.service.image
    return f"service '{known.service.name}': image '{image}' does not listen on port {port.target}"


def _may_move(fact: Listens, known: KnownService) -> bool:
    return any(known.meets(condition) for condition in fact.moved_by)


def _listening(facts: list[tuple[Listens, str]], known: KnownService) -> tuple[set[int], str]:
    """Return the ports of all facts; an option or variable that names one stands for the first."""
    ports: set[int] = set()
    for fact, _ in facts:
        more = {port for mover in fact.movers if (port := _moved(mover.lstrip("+"), known))}
        moved = any(_moved(mover, known) for mover in fact.movers if mover[0] != "+")
        ports |= more | set(fact.ports[1:] if moved else fact.ports)
    return ports, facts[0][1]


def _moved(mover: str, known: KnownService) -> int:
    about, _, subject = mover.partition(" ")
    if about == "option":
        found = re.search(r"(\d+)/?$", option_value(known.seen.argv, subject) or "")
    elif about == "words":
        found = re.search(subject, " ".join(known.seen.argv))
    else:
        name, _, pattern = subject.partition("=")
        found = re.search(pattern or r"(\d+)/?$", known.seen.variables.get(name, ""))
    return int(found[1]) if found else 0
