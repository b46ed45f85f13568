"""A rootless engine that cannot limit resources is asked for a limit: found before boot."""

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
from bootready.model.lookup import entries_at, place_in, value_at

KEYS = (
    "mem_limit",
    "mem_reservation",
    "memswap_limit",
    "cpus",
    "cpu_quota",
    "cpuset",
    "pids_limit",
)


@check(
    summary="a limit does not hold, because the rootless engine cannot set it",
    severity=Severity.WARNING,
    needs=Needs.ENGINE,
    looks_at=("service.deploy", *(f"service.{key}" for key in KEYS)),
    since="0.2.0",
    reference="https://docs.docker.com/engine/security/rootless/tips/#limiting-resources",
)
def limit_not_held(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for limits of memory, processors and processes, if the engine is rootless and has no
    cgroups that it may write: version 1, or `Cgroup Driver: none` in `docker info`.

    ## Why it matters
    The engine ignores the limit: a service may take all memory of the machine.

    ## What you see
    ```
    Resource limits are not supported and ignored on cgroups V1 rootless systems
    WARNING: No memory limit support
    ```

    ## Remedy
    Boot with cgroups version 2 and systemd (`systemd.unified_cgroup_hierarchy=1` for the kernel),
    and let systemd delegate the controllers to your user.

    ## When to silence it
    If the limits are for the machine on which the project is deployed.

    ## Sources
    - <https://docs.docker.com/engine/security/rootless/tips/#limiting-resources>
    """
    engine = context.engine.info()
    if not engine.rootless or (engine.kind.cgroups != "1" and engine.kind.cgroup_driver != "none"):
        return
    for service in context.project.services:
        asked: list[tuple[str, ...]] = [
            (key,) for key in KEYS if value_at(service.node, key) is not None
        ]
        limits = ("deploy", "resources", "limits")
        asked += [(*limits, name) for name, _ in entries_at(service.node, *limits)]
        if asked:
            yield report(
                place_in(service, *asked[0]),
                f"service '{service.name}': limit `{asked[0][-1]}` does not hold",
                consequence="the engine is rootless and may not write cgroups here",
                hint="use cgroups version 2 with systemd, which delegates them to your user",
            )
