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
    where=("mount.relative", "service.tmpfs"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def mount_target_relative(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the target of every mount, including `tmpfs`, is an absolute path. A volume with a
    name of one letter is reported too: in `d:/data`, Compose takes `d:` as a Windows drive and the
    whole string as the target.

    ## Why it stops boot
    The engine does not create the container. `docker compose config` accepts it.

    ## What you see
    ```
    invalid mount path: 'data' mount path must be absolute
    ```

    ## Remedy
    Start the target with `/`. For a volume of one letter, use a longer name or the long syntax.

    ## When to silence it
    Never: the engine always rejects it.
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
