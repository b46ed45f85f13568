"""A ulimit does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import entries_at, place_in

KNOWN = frozenset(
    [
        "as",
        "core",
        "cpu",
        "data",
        "fsize",
        "locks",
        "memlock",
        "msgqueue",
        "nice",
        "nofile",
        "nproc",
        "rss",
        "rtprio",
        "rttime",
        "sigpending",
        "stack",
    ]
)


@check(
    summary="a ulimit does not exist",
    severity=Severity.ERROR,
    looks_at=("service.ulimits",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ulimits",
)
def ulimit_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `ulimits` with the limits of getrlimit(2).

    ## Why it stops boot
    The runtime refuses to start the container: "wrong rlimit value".

    ## Remedy
    Correct the name.
    """
    for service in context.project.services:
        for name, _ in entries_at(service.node, "ulimits"):
            if name not in KNOWN:
                yield report(
                    place_in(service, "ulimits", name),
                    f"service '{service.name}': there is no ulimit '{name}'",
                )
