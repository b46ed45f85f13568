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
from bootready.model.lookup import entries_at, place_in, text_at

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
    summary="a ulimit does not exist, or its soft one is above its hard one",
    severity=Severity.ERROR,
    looks_at=("service.ulimits",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ulimits",
)
def ulimit_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `ulimits` with the limits of getrlimit(2), and `soft` with `hard`.

    ## Why it stops boot
    The runtime refuses to start the container: "wrong rlimit value", "error setting
    rlimit".

    ## Remedy
    Correct the name.
    """
    for service in context.project.services:
        for name, limits in entries_at(service.node, "ulimits"):
            if name not in KNOWN:
                yield report(
                    place_in(service, "ulimits", name),
                    f"service '{service.name}': there is no ulimit '{name}'",
                )
            soft, hard = _number(text_at(limits, "soft")), _number(text_at(limits, "hard"))
            if soft is not None and hard is not None and (soft > hard):
                yield report(
                    place_in(service, "ulimits", name, "soft"),
                    f"service '{service.name}': ulimit '{name}' has soft {text_at(limits, 'soft')}"
                    f" above hard {text_at(limits, 'hard')}",
                )


def _number(text: str) -> float | None:
    try:
        return float("inf") if text == "-1" else float(int(text))
    except ValueError:
        return None
