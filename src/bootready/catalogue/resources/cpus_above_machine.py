"""A service asks for more CPUs than the machine has: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_in, text_at, value_at


@check(
    summary="a service asks for more CPUs than the machine has",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.cpus", "service.cpuset", "service.deploy"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#cpus",
)
def cpus_above_machine(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `cpus`, `cpuset` and `deploy.resources.limits.cpus` with the number of CPUs that the
    engine reports.

    ## Why it stops boot
    The engine rejects the container. Whether the project boots therefore depends on the machine.

    ## What you see
    ```
    Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available
    Requested CPUs are not available - requested 4095, available: 0-1
    ```

    ## Remedy
    Lower the value, or take it from a variable: `${CPUS:-1}`.

    ## When to silence it
    If the machine that boots the project has more CPUs than this one.
    """
    count = context.engine.info().cpus
    for service in context.project.services:
        for path in (("cpus",), ("deploy", "resources", "limits", "cpus")):
            value = value_at(service.node, *path)
            try:
                wanted = float(str(value)) if value is not None else 0.0
            except ValueError:
                continue
            if count and wanted > count:
                yield report(
                    place_in(service, *path),
                    f"service '{service.name}': asks for {wanted:g} CPUs, but this machine has"
                    f" {count}",
                )
        last = max(map(int, re.findall(r"\d+", text_at(service.node, "cpuset"))), default=0)
        if count and last >= count:
            yield report(
                place_in(service, "cpuset"),
                f"service '{service.name}': cpuset asks for CPU {last}, but the highest CPU on this"
                f" machine is {count - 1}",
            )
