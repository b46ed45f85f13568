"""A sysctl belongs to the host, not to the container: found before boot, at its place."""

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

PREFIXES = ("net.", "fs.mqueue.", "user.")
"""Settings below these may belong to a namespace (runc, configs/validate)."""

NAMES = frozenset(
    {
        "kernel.msgmax",
        "kernel.msgmnb",
        "kernel.msgmni",
        "kernel.sem",
        "kernel.shmall",
        "kernel.shmmax",
        "kernel.shmmni",
        "kernel.shm_rmid_forced",
        "kernel.domainname",
        "kernel.hostname",
    }
)


@check(
    summary="a sysctl belongs to the host, not to the container",
    severity=Severity.ERROR,
    looks_at=("service.sysctls",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#sysctls",
)
def kernel_setting_shared(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `sysctls` that are not part of a namespace of a container, such as `vm.max_map_count`,
    and for settings that start with `net.` in a service with `network_mode: host`.

    ## Why it stops boot
    The runtime refuses to start the container, because the setting would change the whole host.

    ## What you see
    ```
    sysctl "vm.max_map_count" is not in a separate kernel namespace
    sysctl "net.core.somaxconn" not allowed in host network namespace
    ```

    ## Remedy
    Set it on the host, `sudo sysctl -w NAME=VALUE`, and remove it from the Compose file.

    ## When to silence it
    Never: the runtime always rejects it.
    """
    for service in context.project.services:
        if text_at(service.node, "runtime") not in {"", "runc"}:
            continue  # one that starts a machine gives it settings of its own
        for name, node in entries_at(service.node, "sysctls"):
            setting = name.replace("/", ".")
            if setting.startswith("net.") and service.network_mode == "host":
                reason = "belongs to the host with `network_mode: host`"
            elif setting.startswith(PREFIXES) or setting in NAMES:
                continue
            else:
                reason = "belongs to the host and cannot be set per container"
            yield report(
                place_in(service, "sysctls", name),
                f"service '{service.name}': sysctl '{name}' {reason}",
                hint=f"set it on the host: sudo sysctl -w {name}={text_at(node)}",
            )
