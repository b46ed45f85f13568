"""A hint for a service cannot be followed: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.knowledge.secrets.certificate_hints import Fault, certificate_faults
from bootready.model.lookup import at, place_in
from bootready.model.node import Mapping
from bootready.model.project import Service

HINTS = ("user", "verify", "certificates", "swarm")
"""The keys of ``x-bootready`` of a service."""


@check(
    summary="a hint for a service cannot be followed",
    severity=Severity.WARNING,
    mentions=("x-bootready",),
    since="0.2.0",
    reference="https://docs.docker.com/reference/compose-file/extension/",
)
def service_hint_unusable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads `x-bootready` of every service: its keys, and the directory, names and usage of each of
    its `certificates`. The directory must be inside the project, and the service must mount it.
    Likewise the keys and values of its `swarm`.

    ## Why it matters
    A hint that cannot be followed is ignored: a certificate is not issued, or it does not cover the
    name that a client uses, and the client rejects it.

    ## Remedy
    Use one of the keys and values in `docs/reference/configuration.md`.

    ## When to silence it
    If the hint is meant for a newer version of bootready.
    """
    for service in context.project.services:
        faults = (*_key_faults(service), *certificate_faults(context.project, service))
        for fault in (*faults, *_swarm_faults(service)):
            from bootready.model.near import nearest

            near = nearest(fault.written, fault.known)
            known = f"one of {', '.join(fault.known)}" if fault.known else ""
            yield report(
                place_in(service, "x-bootready", *fault.keys),
                f"service '{service.name}': {fault.words}",
                hint=f"write '{near[0]}'" if near else known,
            )


def _key_faults(service: Service) -> Iterator[Fault]:
    hints = at(service.node, "x-bootready")
    for key in hints.entries if isinstance(hints, Mapping) else ():
        if key not in HINTS:
            yield Fault((key,), f"unknown hint '{key}' for a service", key, HINTS)


def _swarm_faults(service: Service) -> Iterator[Fault]:
    if at(service.node, "x-bootready", "swarm") is not None:
        from bootready.swarm.hints import hint_faults

        yield from hint_faults(service)
