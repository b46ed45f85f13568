"""A volume names a driver or option that the engine does not have."""

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
from bootready.model.lookup import entries_at, place_below

LOCAL = frozenset({"type", "o", "device", "size"})


@check(
    summary="a volume names a driver or option that the engine does not have",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("volumes",),
    where=("volumes.driver",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/volumes/#driver",
)
def volume_driver_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares `driver` with the drivers that the engine lists, and the `driver_opts` of `local` with
    its options.

    ## Why it stops boot
    The engine searches for a plugin of that name for 15 seconds and then rejects the volume; an
    unknown option is rejected at once.

    ## What you see
    ```
    create ft_vol: error looking up volume plugin nfsx: plugin "nfsx" not found
    ```

    ## Remedy
    Correct the name, or install the plugin.

    ## When to silence it
    If the plugin is installed only where the project is deployed.
    """
    known = context.engine.info().volume_drivers
    used = {m.source for s in context.project.services for m in s.mounts if m.kind == "volume"}
    for volume in context.project.volumes:
        if (
            volume.driver
            and not volume.external
            and volume.key in used
            and volume.driver.split(":")[0] not in {d.split(":")[0] for d in known}
        ):
            yield report(
                volume.location,
                f"volume '{volume.key}': the engine has no driver '{volume.driver}'",
                hint=f"one of: {', '.join(known)}",
            )
        for name, _ in entries_at(volume.node, "driver_opts"):
            if (
                name not in LOCAL
                and (volume.driver or "local") == "local"
                and not volume.external
                and volume.key in used
            ):
                yield report(
                    place_below(volume.node, volume.location, "driver_opts", name),
                    f"volume '{volume.key}': the driver 'local' has no option '{name}'",
                    hint="one of: type, o, device, size",
                )
