"""A healthcheck asks ::1, and the program listens on IPv4 only: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.knowledge.engine.features import version_of
from bootready.knowledge.process.inside import look_inside
from bootready.model.lookup import at, entries_at, items_at, place_in
from bootready.model.node import Scalar
from bootready.model.project import Service
from bootready.regex import regex

_LOCALHOST = regex(r"(?<![\w.-])localhost(?![\w.-])")
_BINDS = regex(r"(?<![\d.])(?:0\.0\.0\.0|127\.0\.0\.1)(?![\d.])")
_BINDING = regex(r"(?:^|_)(?:HOST|BIND|BIND_ADDRESS|LISTEN|ADDRESS|ADDR|LISTEN_ADDRESS)$")
_SWITCH = "net.ipv6.conf.all.disable_ipv6"
_SINCE = (26,)
"""From this version on, the engine leaves ::1 to every container."""


@check(
    summary="a healthcheck asks ::1, and the program listens on IPv4 only",
    severity=Severity.WARNING,
    needs=Needs.ENGINE,
    looks_at=("service.healthcheck",),
    mentions=("localhost",),
    since="0.2.0",
    reference="https://docs.docker.com/engine/release-notes/26.0/",
)
def healthcheck_asks_ipv6(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for healthchecks that ask `localhost` with the `wget` or `nc` of BusyBox, of a service
    that is told to listen on `0.0.0.0` or `127.0.0.1`, if its containers have ::1: with Docker
    Engine 26 and later, or by `sysctls`.

    ## Why it matters
    In a container, `localhost` is ::1 first, and BusyBox does not try the second address. The probe
    is refused although the service works.

    ## What you see
    ```
    wget: can't connect to remote host: Connection refused
    ```

    ## Remedy
    Write `127.0.0.1` instead of `localhost` in the test.

    ## When to silence it
    If the program also listens on ::1.
    """
    for service in context.project.services:
        probe = service.healthcheck
        if probe is None or probe.disabled or not _has_version_6(service, context):
            continue
        words = " ".join(probe.test)
        if not _LOCALHOST.search(words) or not _is_busybox(service, context, words):
            continue
        if _listens_on_version_4(service):
            yield report(
                place_in(service, "healthcheck", "test"),
                f"service '{service.name}': its healthcheck asks ::1, and it listens on IPv4 only",
                consequence="`localhost` is ::1 first, and BusyBox tries the first address only",
                hint="write 127.0.0.1 instead of localhost",
            )


def _has_version_6(service: Service, context: Context) -> bool:
    node = at(service.node, "sysctls", _SWITCH)
    values = [str(node.value)] if isinstance(node, Scalar) else []
    for _, item in items_at(service.node, "sysctls"):
        name, _, value = str(getattr(item, "value", "")).partition("=")
        values += [value] if name == _SWITCH else []
    if values:
        return values[-1] == "0"
    return version_of(context.engine.version) >= _SINCE


def _is_busybox(service: Service, context: Context, words: str) -> bool:
    if re.search(r"\bbusybox\b", words):
        return True
    if not re.search(r"\b(?:wget|nc)\b", words):
        return False
    inside = look_inside(service, context.engine)
    # Alpine's `wget` is a link to BusyBox unless the package of GNU is installed.
    return (
        not isinstance(inside, str)
        and inside.at("/bin/busybox") is not None
        and inside.at("/usr/lib/libpcre2-8.so.0") is None
    )


def _listens_on_version_4(service: Service) -> bool:
    if any(_BINDS.search(word) for word in service.command or ()):
        return True
    return any(
        _BINDING.search(name) and _BINDS.search(str(getattr(node, "value", "")))
        for name, node in entries_at(service.node, "environment")
    )
