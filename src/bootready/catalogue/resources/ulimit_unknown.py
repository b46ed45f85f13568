"""A ulimit does not exist or has a value that the kernel rejects."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import at, entries_at, place_in, text_at
from bootready.model.node import Node
from bootready.model.project import Service

HIGHEST = 2**31 - 1
"""No kernel allows a higher `fs.nr_open` (fs/file.c, sysctl_nr_open_max)."""

KNOWN = frozenset(
    (
        *("as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile"),
        *("nproc", "rss", "rtprio", "rttime", "sigpending", "stack"),
    )
)


@check(
    summary="a ulimit does not exist or has a value that the kernel rejects",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.ulimits",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ulimits",
)
def ulimit_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `ulimits` with the limits of getrlimit(2), `soft` with `hard`, and `nofile` with the
    limit of the kernel, `fs.nr_open`. `nofile` is the only ulimit that cannot be unlimited (-1). An
    engine that cannot raise limits (rootless, or in a container without the capability
    SYS_RESOURCE) gives no container a higher one than its own, which `/proc/PID/limits` tells.

    ## Why it stops boot
    The runtime refuses to start the container.

    ## What you see
    ```
    wrong rlimit value: RLIMIT_NOFILEE
    error setting rlimit type 7: operation not permitted
    ```

    ## Remedy
    Correct the name or the value. 1048576 open files are enough for databases and are the maximum
    of most kernels.

    ## When to silence it
    If `fs.nr_open` is raised on the machine that boots the project.

    ## Known limits
    `fs.nr_open` and the limits of the engine are read only if it runs on this machine.
    """
    for service in context.project.services:
        for name, limits in entries_at(service.node, "ulimits"):
            if name not in KNOWN:
                yield report(
                    place_in(service, "ulimits", name),
                    f"service '{service.name}': unknown ulimit '{name}'",
                )
            above_kernel = tuple(_too_many_files(context, report, service, name, limits))
            yield from above_kernel or _above_engine(context, report, service, name, limits)
            soft, hard = _number(text_at(limits, "soft")), _number(text_at(limits, "hard"))
            if soft is not None and hard is not None and (soft > hard):
                yield report(
                    place_in(service, "ulimits", name, "soft"),
                    f"service '{service.name}': ulimit '{name}' has soft {text_at(limits, 'soft')}"
                    f" above hard {text_at(limits, 'hard')}",
                )


def _too_many_files(
    context: Context, report: Report, service: Service, name: str, limits: Node
) -> Iterator[Finding]:
    """Yield a finding where `nofile` is above what the kernel lets anybody have."""
    text, place = _hard(name, limits)
    wanted = _number(text)
    if name != "nofile" or wanted is None:
        return
    known = context.host.kernel_setting("fs.nr_open") if context.engine.local else None
    most = _number(known or "")
    if wanted <= (HIGHEST if most is None else most):
        return
    above = "is unlimited" if text == "-1" else f"is {text}, must be at most `fs.nr_open` ({known})"
    yield report(
        place_in(service, "ulimits", *place),
        f"service '{service.name}': ulimit 'nofile' {above}",
        consequence="no process can have that many open files",
        hint=f"set it to at most {known or 1048576}",
    )


def _above_engine(
    context: Context, report: Report, service: Service, name: str, limits: Node
) -> Iterator[Finding]:
    """Yield a finding where an engine that cannot raise limits has a lower one itself."""
    engine = context.engine
    most = engine.info().limits.get(name) if engine.reachable else None
    text, place = _hard(name, limits)
    wanted = _number(text)
    if most is None or wanted is None or wanted <= most:
        return
    above = "is unlimited" if text == "-1" else f"is {text}"
    yield report(
        place_in(service, "ulimits", *place),
        f"service '{service.name}': ulimit '{name}' {above}, above the {most} of the engine itself",
        consequence="this engine may not raise limits: it is rootless, or has no SYS_RESOURCE",
        hint=f"set it to at most {most}, or start the engine with a higher limit",
    )


def _hard(name: str, limits: Node) -> tuple[str, tuple[str, ...]]:
    """Return the hard limit as written, and where below `ulimits` it stands."""
    if at(limits, "hard") is not None:
        return text_at(limits, "hard"), (name, "hard")
    return text_at(limits), (name,)


def _number(text: str) -> float | None:
    try:
        return float("inf") if text == "-1" else float(int(text))
    except ValueError:
        return None
