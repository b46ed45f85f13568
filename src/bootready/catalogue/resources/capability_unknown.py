"""A capability does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import items_at, place_in, text_at

KNOWN = frozenset(
    [
        "ALL",
        "AUDIT_CONTROL",
        "AUDIT_READ",
        "AUDIT_WRITE",
        "BLOCK_SUSPEND",
        "BPF",
        "CHECKPOINT_RESTORE",
        "CHOWN",
        "DAC_OVERRIDE",
        "DAC_READ_SEARCH",
        "FOWNER",
        "FSETID",
        "IPC_LOCK",
        "IPC_OWNER",
        "KILL",
        "LEASE",
        "LINUX_IMMUTABLE",
        "MAC_ADMIN",
        "MAC_OVERRIDE",
        "MKNOD",
        "NET_ADMIN",
        "NET_BIND_SERVICE",
        "NET_BROADCAST",
        "NET_RAW",
        "PERFMON",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYSLOG",
        "SYS_ADMIN",
        "SYS_BOOT",
        "SYS_CHROOT",
        "SYS_MODULE",
        "SYS_NICE",
        "SYS_PACCT",
        "SYS_PTRACE",
        "SYS_RAWIO",
        "SYS_RESOURCE",
        "SYS_TIME",
        "SYS_TTY_CONFIG",
        "WAKE_ALARM",
    ]
)


@check(
    summary="a capability does not exist",
    severity=Severity.ERROR,
    looks_at=("service.cap_add", "service.cap_drop"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#cap_add",
)
def capability_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `cap_add` and `cap_drop` with the list in capabilities(7).

    ## Why it stops boot
    The engine rejects the container. `docker compose config` accepts it.

    ## What you see
    ```
    invalid CapAdd: unknown capability: "CAP_NET_ADMINN"
    ```

    ## Remedy
    Correct the name; `man 7 capabilities` lists them.

    ## When to silence it
    If the kernel that boots the project has a newer capability than this list.
    """
    for service in context.project.services:
        for key in ("cap_add", "cap_drop"):
            for index, node in items_at(service.node, key):
                name = text_at(node).upper().removeprefix("CAP_")
                if name not in KNOWN:
                    yield report(
                        place_in(service, key, index),
                        f"service '{service.name}': unknown capability '{text_at(node)}'",
                    )
