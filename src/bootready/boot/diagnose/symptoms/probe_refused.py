"""A probe that nobody answers -> what it asks, and where the program listens instead."""

from __future__ import annotations

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.boot.diagnose.symptoms.slow_start import is_busy
from bootready.boot.verify.listening import LOCAL, Socket, answers, spoken
from bootready.regex import regex
from bootready.typed import NamedTuple

_REFUSED = regex(r"[Cc]onnection refused|Could not connect to server|ECONNREFUSED|- no response")
_LOCAL = r"localhost|127\.0\.0\.1|0\.0\.0\.0|ip6-localhost|\[?::1?\]?"
_TARGET = regex(
    rf"(?<![\w.-])(?P<host>{_LOCAL})\)?\]?(?:[:/|]|,? (?:port |-p )?){{1,32}}+(?P<port>\d{{2,5}})\b"
)
_FIRST_ONLY = regex(r"\b(?:busybox|wget|nc|node)\b")
_HOST = regex(rf"(?<![\w.-])({_LOCAL})(?![\w.-])")


class _Asked(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@symptom(summary="the healthcheck asks an address on which nothing listens", rank=36)
def probe_refused(evidence: Evidence) -> Explanation | None:
    """A probe that asks its own container and is refused says nothing of other services: the
    program listens on another port or address, or on none so far. The kernel's table of sockets
    tells which; `localhost` may also mean ::1, where many programs do not listen.
    """
    probe, service = evidence.probe, evidence.service
    if probe is None or evidence.died or service is None:
        return None
    test = " ".join(service.healthcheck.test if service.healthcheck else ())
    silent = not probe.output and re.search(r"\bnc\b", test) is not None
    if not silent and _REFUSED.search(probe.output) is None:
        return None
    asked = _asked(probe.output, test)
    if asked is None:
        return None
    found = evidence.listening
    if found is not None and _asks_version_6(asked, found, test):
        return Explanation(
            headline=f"is unhealthy: its probe asks {asked} over IPv6, where nothing listens",
            cause=f"the program listens on {spoken(found)} only, and `localhost` is ::1 first; the"
            " program of the probe does not try the next address",
            remedy="write 127.0.0.1 in place of `localhost` in `healthcheck`",
            location=attribute(service, "healthcheck"),
            evidence=(f"probe: exit {probe.exit_code}: {probe.output or '(no output)'}",),
        )
    if found is not None and answers(found, asked.host, asked.port):
        return Explanation(
            headline=f"is unhealthy: it listened on {asked} only after its probe gave up",
            cause="the program needs longer to start than its healthcheck allows",
            remedy="raise `healthcheck.start_period` (or `retries`) to more than the start-up time",
            location=attribute(service, "healthcheck"),
            evidence=(f"probe: exit {probe.exit_code}: {probe.output or '(no output)'}",),
        )
    if not found and is_busy(evidence):
        return None
    cause, remedy = _words(asked, found, evidence)
    return Explanation(
        headline=f"is unhealthy: its probe asks {asked}, but nothing listens there",
        cause=cause,
        remedy=remedy,
        location=attribute(service, "healthcheck"),
        evidence=(f"probe: exit {probe.exit_code}: {probe.output or '(no output)'}",),
    )


def _asks_version_6(asked: _Asked, found: tuple[Socket, ...], test: str) -> bool:
    """Tell whether the probe takes the first address of `localhost`, and the program has IPv4 only.

    busybox does so; curl and GNU wget go on with the second address. The latter prints nothing
    with -q, and both addresses without.
    """
    here = [one for one in found if one.port == asked.port]
    version_4 = bool(here) and all(":" not in one.address for one in here)
    return asked.host == "localhost" and version_4 and _FIRST_ONLY.search(test) is not None


def _asked(output: str, test: str) -> _Asked | None:
    """Return the address of the own container that the probe asked; its output knows best."""
    targets = [match for text in (output, test) if (match := _TARGET.search(text))]
    if not targets:
        return None
    said = _HOST.search(output)
    host = (said[1] if said else targets[0]["host"]).strip("[]")
    return _Asked(host, int(targets[0]["port"])) if host in LOCAL else None


def _words(asked: _Asked, found: tuple[Socket, ...] | None, evidence: Evidence) -> tuple[str, str]:
    last = f"; its last line: {evidence.log[-1].strip()}" if evidence.log else ""
    if found is None:
        return (
            f"nothing in the container answers at {asked}",
            "correct the port in `healthcheck`, or let the program listen there",
        )
    if not found:
        return (
            f"the program runs but does not listen on any port{last}",
            f"let it listen on port {asked.port}, or, if it is slow, raise `start_period`",
        )
    if any(one.port == asked.port for one in found):
        here = spoken(one for one in found if one.port == asked.port)
        local = "127.0.0.1" if ":" in asked.host else "the container's own address"
        return (
            f"the program listens on {here} only, and the probe asks {asked}",
            f"ask {local} in `healthcheck`, or let the program listen on every address",
        )
    return (
        f"nothing in the container listens on port {asked.port}; it listens on {spoken(found)}",
        f"ask port {found[0].port} in `healthcheck`, or let the program listen on {asked.port}",
    )
