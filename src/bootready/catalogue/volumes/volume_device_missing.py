"""The directory of a bind-backed volume does not exist: found before boot, at its place."""

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
from bootready.check.remedies import directory_created
from bootready.model.lookup import shown


@check(
    summary="the directory of a bind-backed volume does not exist",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("volumes",),
    where=("volumes.device",),
    traits=Trait.ASKS_ONE_MACHINE,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/volumes/",
)
def volume_device_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for volumes of the local driver with `o: bind` whose `device` does not exist or is not a
    directory.

    ## Why it stops boot
    The engine cannot mount the volume. By then it has created the volume and the container: if the
    path is changed later, the old volume still points to the old path.

    ## What you see
    ```
    failed to mount local volume: mount ./nodev:.../volumes/ft_vol/_data, flags: 0x1000: no
    such file or directory
    ```

    ## Remedy
    Create the directory; `bootready prepare` does that. After a change of the path, remove the old
    volume first: `docker volume rm NAME`.

    ## When to silence it
    If a disk that is mounted later, or a deployment tool, provides the directory.
    """
    used = {m.source for s in context.project.services for m in s.mounts if m.kind == "volume"}
    for volume in context.project.volumes:
        if volume.device is None or volume.external or volume.key not in used:
            continue
        if not volume.device.startswith("/"):
            continue  # volume-device-relative: nobody knows from where the engine looks
        fact = context.host.file(volume.device)
        if fact is not None and fact.kind != "file":
            continue
        path = shown(volume.device, context.project.directory)
        words = "does not exist" if fact is None else "is a file"
        yield report(
            (volume.device_location or volume.location).labelled(f"this {words}"),
            f"volume '{volume.key}': device '{path}' {words}",
            remedy=None if fact else directory_created(volume.device, path),
        )
