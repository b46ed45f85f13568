"""The services reserve more memory than the machine has: found before boot."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.model.lookup import number_of, place_in, value_at
from bootready.model.project import Service

KEYS = (("deploy", "resources", "reservations", "memory"), ("mem_reservation",))
TOLERANCE = 1.05
"""Machines are sold by more memory than their kernel has to give."""


@check(
    summary="the services reserve more memory than the machine has",
    severity=Severity.WARNING,
    needs=Needs.ENGINE,
    looks_at=("service.deploy", "service.mem_reservation"),
    traits=Trait.TRANSIENT,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/deploy/#resources",
)
def memory_oversubscribed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Adds up the memory that the services reserve, multiplied by their replicas, and compares it with
    the memory of the machine of the engine.

    ## Why it matters
    The engine starts all services. Under load the kernel kills the largest process.

    ## What you see
    ```
    web-1 exited with code 137
    ```

    ## Remedy
    Lower the reservations, or use a machine with more memory.

    ## When to silence it
    If the services never use their full reservation at the same time.
    """
    memory = context.engine.info().memory
    wanted = [
        (amount, service, keys)
        for service in context.project.services
        for amount, keys in (_reserved(service),)
        if amount
    ]
    total = sum(amount for amount, _, _ in wanted)
    if memory and total > memory * TOLERANCE:
        _, service, keys = max(wanted, key=lambda row: row[0])
        yield report(
            place_in(service, *keys).labelled(f"the largest of {len(wanted)}"),
            f"project: reserves {total / 2**30:.1f} GiB of memory, but the machine has"
            f" {memory / 2**30:.1f}",
        )


def _reserved(service: Service) -> tuple[int, tuple[str, ...]]:
    replicas = value_at(service.node, "deploy", "replicas") or value_at(service.node, "scale") or 1
    for keys in KEYS:
        amount = number_of(value_at(service.node, *keys))
        if amount:
            return amount * max(1, number_of(replicas)), keys
    return 0, ()
