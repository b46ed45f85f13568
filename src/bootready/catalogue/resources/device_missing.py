"""A device does not exist on the host: found before boot, at its place."""

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
from bootready.model.lookup import items_at, place_in, text_at

LIMITS = {
    "device_read_bps": "blkio.throttle.read_bps_device",
    "device_read_iops": "blkio.throttle.read_iops_device",
    "device_write_bps": "blkio.throttle.write_bps_device",
    "device_write_iops": "blkio.throttle.write_iops_device",
    "weight_device": "blkio.weight_device",
}
"""The lists of `blkio_config`, and the file of cgroup v1 without which the engine drops them."""

CGROUPS = "/sys/fs/cgroup"


@check(
    summary="a device does not exist on the host",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.devices", "service.blkio_config"),
    traits=Trait.ASKS_ONE_MACHINE,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#devices",
)
def device_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the host path of every entry in `devices`, and in the lists of `blkio_config`
    (`device_read_bps`, `device_write_iops`, `weight_device` ...), exists.

    ## Why it stops boot
    The engine rejects the container. `docker compose config` accepts it.

    ## What you see
    ```
    error gathering device information while adding custom device "/dev/nope": no such file
    or directory
    ```

    ## Remedy
    Correct the path (`lsblk -p` lists disks), or connect the device.

    ## When to silence it
    If the device exists only on some machines. Better: move it to an override file for those
    machines.

    ## Known limits
    If the kernel cannot limit a device in that way, or the engine is rootless, the engine may drop
    an entry of `blkio_config` and start the service; that is reported as a warning.
    """
    for service in context.project.services:
        for index, node in items_at(service.node, "devices"):
            path = text_at(node, "source") or text_at(node).split(":")[0]
            if path.startswith("/") and context.host.file(path) is None:
                yield report(
                    place_in(service, "devices", index),
                    f"service '{service.name}': device '{path}' does not exist",
                )
        for limit, control in LIMITS.items():
            for index, node in items_at(service.node, "blkio_config", limit):
                path = text_at(node, "path")
                if path.startswith("/") and context.host.file(path) is None:
                    yield report(
                        place_in(service, "blkio_config", limit, index, "path"),
                        f"service '{service.name}': device '{path}' of `{limit}` does not exist",
                        severity=None if _limits(context, control) else Severity.WARNING,
                    )


def _limits(context: Context, control: str) -> bool:
    """Tell whether the engine keeps such a limit, so that it has to look for the device."""
    if context.engine.reachable and context.engine.info().rootless:
        return False  # its own cgroup has seldom been given the controller
    controllers = context.host.read_text(f"{CGROUPS}/cgroup.controllers")
    if controllers is not None:
        return "io" in controllers.split()
    return context.host.file(f"{CGROUPS}/blkio/{control}") is not None
