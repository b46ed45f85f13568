"""The target of a mount is not an absolute path: found before boot, at its place."""

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


@check(
    summary="the target of a mount is not an absolute path",
    severity=Severity.ERROR,
    looks_at=("service.volumes", "service.tmpfs"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def mount_target_relative(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at the target of every mount, `tmpfs` included. A volume whose name is a single letter
    counts: in `d:/data` Compose takes `d:` for a drive of Windows, and all of it for the target.

    ## Why it stops boot
    The engine does not create the container: "mount path must be absolute".

    ## Remedy
    Begin the target with `/`; give the volume a longer name, or use the long syntax.
    """
    for service in context.project.services:
        for mount in service.mounts:
            target = mount.target
            if mount.kind not in {"bind", "volume", "tmpfs"} or not target or target[0] in "/\\:":
                continue
            letter = not mount.source and target[1:2] == ":" and target[:1].isalpha()
            yield report(
                mount.location,
                f"service '{service.name}': mount target '{target}' is not an absolute path",
                hint=f"give the volume '{target[0]}' a longer name"
                if letter
                else f"write '/{target}'",
                consequence="Compose takes a single letter as a Windows drive" if letter else "",
            )
        for index, entry in items_at(service.node, "tmpfs"):
            target = text_at(entry).partition(":")[0]
            if target and target[0] != "/":
                yield report(
                    place_in(service, "tmpfs", index),
                    f"service '{service.name}': mount target '{target}' is not an absolute path",
                    hint=f"write '/{target}'",
                )
