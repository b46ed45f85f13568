"""A memory limit is below the minimum of the engine: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import number_of, place_in, value_at

MINIMUM = 6 * 1024 * 1024
"""Bytes; the engine's own (daemon/daemon_unix.go, linuxMinMemory)."""

PAIRS = (
    (("mem_limit",), ("mem_reservation",)),
    (
        ("deploy", "resources", "limits", "memory"),
        ("deploy", "resources", "reservations", "memory"),
    ),
)


@check(
    summary="a memory limit is below the minimum of the engine",
    severity=Severity.ERROR,
    looks_at=("service.mem_limit", "service.memswap_limit", "service.deploy"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#mem_limit",
)
def memory_limit_too_small(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for limits below 6 MB, often a number without a unit, which means bytes. It also finds a
    reservation above the limit, and a `memswap_limit` that is below the limit or has none beside
    it.

    ## Why it stops boot
    The engine rejects the container. `docker compose config` accepts it.

    ## What you see
    ```
    Minimum memory limit allowed is 6MB
    Minimum memory limit can not be less than memory reservation limit, see usage
    ```

    ## Remedy
    Add the unit, such as `256m`. `memswap_limit` is the sum of memory and swap, so it must be at
    least `mem_limit`.

    ## When to silence it
    Never: the engine always rejects it.
    """
    for service in context.project.services:
        limits = []
        for limit, reservation in PAIRS:
            most, least = value_at(service.node, *limit), value_at(service.node, *reservation)
            limits.append((limit, number_of(most), reservation, number_of(least)))
        for limit, most, reservation, least in limits:
            if 0 < most < MINIMUM:
                yield report(
                    place_in(service, *limit),
                    f"service '{service.name}': memory limit is {most} bytes, must be at least 6"
                    " MB",
                    hint=f"add a unit: {most}m" if most < 65536 else "set 6m or more",
                )
            elif 0 < most < least:
                yield report(
                    place_in(service, *reservation),
                    f"service '{service.name}': reservation {least} is above limit {most}",
                )
        swap, most = (
            number_of(value_at(service.node, "memswap_limit")),
            limits[0][1] or limits[1][1],
        )
        if 0 < swap < most or (swap > 0 and not most):
            yield report(
                place_in(service, "memswap_limit"),
                f"service '{service.name}': `memswap_limit` is {swap} bytes, memory limit is"
                f" {most or 'not set'}",
                hint="`memswap_limit` is memory plus swap, so it must be at least `mem_limit`",
            )
