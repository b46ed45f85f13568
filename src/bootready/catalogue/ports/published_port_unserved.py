"""The program does not listen on a published port: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import known_programs, says
from bootready.knowledge.images.known import KnownService
from bootready.knowledge.images.listening import listening
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
        found = listening(known)
        if found is None:
            continue
        for port in known.service.ports:
            if port.target not in found.ports | found.closed and port.protocol == "tcp":
                yield report(
                    port.location,
                    _words(port, known),
                    consequence=says("", found.care),
                    hint=found.instead
                    or f"it listens on {', '.join(map(str, sorted(found.ports)))}",
                )


def _words(port: Port, known: KnownService) -> str:
    image = known.service.image
    return f"service '{known.service.name}': image '{image}' does not listen on port {port.target}"
