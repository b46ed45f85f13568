"""A rootless engine is asked to bind a privileged port: found before boot, at its place."""

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
from bootready.knowledge.engine.ports import numbers

SETTING = "net.ipv4.ip_unprivileged_port_start"


@check(
    summary="a rootless engine is asked to bind a privileged port",
    severity=Severity.ERROR,
    needs=(Needs.ENGINE, Needs.HOST),
    looks_at=("service.ports",),
    where=("engine.rootless",),
    since="0.1.0",
    reference="https://docs.docker.com/engine/security/rootless/tips/#exposing-privileged-ports",
    proof="a proof needs a rootless engine: make podman",
)
def port_privileged(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the published ports with the lowest port that the kernel allows unprivileged users to
    bind, if the engine is rootless.

    ## Why it stops boot
    Podman cannot bind the port, so this is an error there. Docker can if `rootlesskit` has the
    capability, which is not looked at, so with Docker it is a warning.

    ## What you see
    ```
    cannot expose privileged port 80
    rootlessport cannot expose privileged port 80, ... (currently 1024)
    ```

    ## Remedy
    Publish a port from 1024 on, or run `sudo sysctl net.ipv4.ip_unprivileged_port_start=80`.

    ## When to silence it
    If `rootlesskit` has CAP_NET_BIND_SERVICE on this machine.

    ## Sources
    - <https://docs.docker.com/engine/security/rootless/tips/#exposing-privileged-ports>
    """
    if not context.engine.info().rootless:
        return
    is_sure = context.engine.info().kind.is_podman
    setting = context.host.kernel_setting(SETTING) or "1024"
    lowest = int(setting) if setting.isdigit() else 1024
    for service in context.project.services:
        for port in service.ports if service.network_mode != "host" else ():
            number = next(iter(numbers(port.published)), 0)
            if 0 < number < lowest:
                yield report(
                    port.location,
                    f"service '{service.name}': port {number} is below {lowest},"
                    " and the engine runs without root",
                    hint=f"sudo sysctl {SETTING}={number}",
                    severity=None if is_sure else Severity.WARNING,
                )
