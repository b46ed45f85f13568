"""A volume name has characters that the engine rejects: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.engine.values import RESOURCE_NAME
from bootready.model.lookup import place_below


@check(
    summary="a volume name has characters that the engine rejects",
    severity=Severity.ERROR,
    looks_at=("volumes",),
    where=("volumes.named",),
    mentions=("name",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/volumes/#name",
)
def volume_name_invalid(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the `name` of volumes with the driver `local` with `[a-zA-Z0-9][a-zA-Z0-9_.-]+`.

    ## Why it stops boot
    The engine does not create the volume, so the services that mount it do not start.

    ## What you see
    ```
    "NAME" includes invalid characters for a local volume name
    volume name is too short, names should be at least two alphanumeric characters
    ```

    ## Remedy
    Use at least two letters or digits, with `_`, `.` or `-` between them. For a directory of the
    host, use a bind mount.

    ## When to silence it
    Never: the engine always rejects it.
    """
    used = {m.source for s in context.project.services for m in s.mounts if m.kind == "volume"}
    for volume in context.project.volumes:
        local = (volume.driver or "local") == "local"
        if volume.external or volume.key not in used or not local:
            continue
        if "$" in volume.name or RESOURCE_NAME.fullmatch(volume.name):
            continue  # a required variable without a value is a finding of its own
        yield report(
            place_below(volume.node, volume.location, "name"),
            f"volume '{volume.key}': invalid volume name '{volume.name}'",
        )
