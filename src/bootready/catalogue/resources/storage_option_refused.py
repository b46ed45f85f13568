"""A service limits the size of its container, but the engine cannot."""

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
from bootready.model.lookup import place_in, text_at


@check(
    summary="a service limits the size of its container, but the engine cannot",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.storage_opt",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#storage_opt",
)
def storage_option_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `storage_opt.size` on an engine whose storage driver is `overlay2` on a filesystem
    other than XFS.

    ## Why it stops boot
    The engine rejects the container.

    ## What you see
    ```
    --storage-opt is supported only for overlay over xfs with 'pquota' mount option
    ```

    ## Remedy
    Remove `storage_opt`, or keep the data of the engine on XFS, mounted with `pquota`.

    ## When to silence it
    If the machine that boots the project stores its data on XFS with `pquota`.
    """
    info = context.engine.info()
    if info.storage_driver != "overlay2" or info.backing_filesystem in {"", "xfs"}:
        return
    for service in context.project.services:
        size = text_at(service.node, "storage_opt", "size")
        if size:
            yield report(
                place_in(service, "storage_opt", "size"),
                f"service '{service.name}': `storage_opt.size` has '{size}', which 'overlay2' on"
                f" '{info.backing_filesystem}' cannot hold to",
            )
