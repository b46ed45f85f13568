"""An external volume does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Remedy,
    Report,
    Safety,
    Severity,
    check,
)


@check(
    summary="an external volume does not exist",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("volumes",),
    where=("volumes.external",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/volumes/#external",
)
def external_volume_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Asks the engine for every volume with `external: true` that a selected service mounts.

    ## Why it stops boot
    Compose does not create external volumes, so `docker compose up` stops before it creates a
    container.

    ## What you see
    ```
    external volume "vol" not found
    ```

    ## Remedy
    Create the volume: `docker volume create NAME`. `bootready prepare` does that.

    ## When to silence it
    If a backup tool or another project creates the volume before this project starts.
    """
    used = {m.source for s in context.project.services for m in s.mounts if m.kind == "volume"}
    known = set(context.engine.volumes())
    for volume in context.project.volumes:
        unknown = volume.name not in known and "$" not in volume.name  # an unset variable
        if volume.external and volume.key in used and unknown:
            from bootready.model.action import CreateVolume

            yield report(
                volume.location.labelled("the engine has no such volume"),
                f"volume '{volume.key}': external volume '{volume.name}' does not exist",
                hint=f"docker volume create {volume.name}",
                varies=volume.name,
                remedy=Remedy(
                    f"creates the volume {volume.name}", Safety.ASK, (CreateVolume(volume.name),)
                ),
            )
