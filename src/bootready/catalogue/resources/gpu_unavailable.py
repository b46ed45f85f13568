"""A service reserves a GPU that the engine cannot provide: found before boot, at its place."""

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
from bootready.model.lookup import at, items_at, place_in, text_at
from bootready.model.project import Service

HOOKS = tuple(
    f"{folder}/{name}"
    for folder in (
        "/usr/bin",
        "/usr/local/bin",
        "/usr/local/nvidia/toolkit",
        "/run/current-system/sw/bin",
    )
    for name in ("nvidia-container-runtime-hook", "nvidia-container-runtime", "nvidia-ctk")
)
"""What makes the engine offer the driver, if it lies on its PATH (moby, daemon/nvidia_linux.go)."""

SPECIFICATIONS = ("/etc/cdi", "/var/run/cdi")
"""Where devices are described for engines from 25 on."""


@check(
    summary="a service reserves a GPU that the engine cannot provide",
    severity=Severity.ERROR,
    needs=(Needs.ENGINE, Needs.HOST),
    looks_at=("service.gpus", "service.deploy"),
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/gpu-support/",
)
def gpu_unavailable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `gpus`, and for reserved devices with the capability `gpu` and the driver of NVIDIA,
    if the engine has no `nvidia` runtime, this machine has no container toolkit, and no device is
    described in `/etc/cdi`.

    ## Why it stops boot
    The engine creates the container but does not start it.

    ## What you see
    ```
    could not select device driver "nvidia" with capabilities: [[gpu]]
    ```

    ## Remedy
    Install the NVIDIA Container Toolkit, or move the reservation to an override file for the
    machines that have a GPU.

    ## When to silence it
    If the machine that boots the project has a GPU and this one does not.

    ## Sources
    - <https://docs.docker.com/compose/how-tos/gpu-support/>
    """
    for service in context.project.services:
        keys = _reservation(service)
        if keys and not _available(context):
            yield report(
                place_in(service, *keys),
                f"service '{service.name}': reserves a GPU, but the engine has no driver for it",
                hint="install the NVIDIA Container Toolkit, or run without the reservation",
            )


def _reservation(service: Service) -> tuple[str | int, ...]:
    for keys in (("gpus",), ("deploy", "resources", "reservations", "devices")):
        for number, node in items_at(service.node, *keys):
            wanted = {text_at(item) for _, item in items_at(node, "capabilities")}
            driver = text_at(node, "driver")
            if driver in {"", "nvidia"} and (keys == ("gpus",) or "gpu" in wanted):
                return (*keys, number) if at(service.node, *keys, number) else keys
    return ()


def _available(context: Context) -> bool:
    return (
        any("nvidia" in name for name in context.engine.info().runtimes)
        or any(context.host.file(path) for path in HOOKS)
        or any(context.host.entries(path) for path in SPECIFICATIONS)
    )
