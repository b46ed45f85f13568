"""A sysctl does not exist: found before boot, at its place."""

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
from bootready.model.lookup import entries_at, place_in


@check(
    summary="a sysctl does not exist",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.sysctls",),
    traits=Trait.ASKS_ONE_MACHINE,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#sysctls",
)
def kernel_setting_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that every entry of `sysctls` exists in `/proc/sys`.

    ## Why it stops boot
    The engine creates the container, but the runtime cannot start it.

    ## What you see
    ```
    open /proc/sys/net/core/nope: no such file or directory
    ```

    ## Remedy
    Correct the name, or load the kernel module that provides the setting.

    ## When to silence it
    If the kernel that boots the project has the setting and this one does not.
    """
    for service in context.project.services:
        for name, _ in entries_at(service.node, "sysctls"):
            if context.host.kernel_setting(name) is None and context.host.kernel_setting(
                "kernel.ostype"
            ):
                yield report(
                    place_in(service, "sysctls", name),
                    f"service '{service.name}': the kernel has no setting '{name}'",
                )
