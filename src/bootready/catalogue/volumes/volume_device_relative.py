"""The directory of a bind-backed volume is a relative path: found before boot, at its place."""

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
from bootready.model.lookup import text_at


@check(
    summary="the directory of a bind-backed volume is a relative path",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("volumes",),
    mentions=("device",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/volumes/#driver_opts",
)
def volume_device_relative(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for bind-backed volumes whose `device` is a relative path, without `driver: local` or with
    more in `o` than `bind`.

    ## Why it stops boot
    Compose makes the path absolute only with `driver: local` and exactly `o: bind`. Otherwise the
    engine resolves it from its own working directory, usually `/`, and fails although the directory
    exists in the project.

    ## What you see
    ```
    failed to mount local volume: ... no such file or directory
    ```

    ## Remedy
    Add `driver: local`, or write an absolute path: `${PWD}/data`.

    ## When to silence it
    If the path is meant to be relative to the working directory of the engine.
    """
    used = {m.source for s in context.project.services for m in s.mounts if m.kind == "volume"}
    for volume in context.project.volumes:
        options = text_at(volume.node, "driver_opts", "o").split(",")
        device = volume.device or text_at(volume.node, "driver_opts", "device")
        if volume.external or volume.key not in used or not {"bind", "rbind"} & {*options}:
            continue
        if not device or device[0] in "/~" or volume.driver not in {None, "local"}:
            continue
        there = context.host.file("/" + device.removeprefix("./"))
        yield report(
            (volume.device_location or volume.location).labelled(
                "relative to the working directory of the engine"
            ),
            f"volume '{volume.key}': device '{device}' is a relative path",
            severity=Severity.WARNING if there else None,
            hint="write an absolute path such as ${PWD}/..."
            if volume.driver
            else "set `driver: local`",
        )
