"""A device does not exist on the host: found before boot, at its place."""

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
from bootready.model.lookup import items_at, place_in, text_at


@check(
    summary="a device does not exist on the host",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.devices",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#devices",
)
def device_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for the host path of every entry of `devices`.

    ## Why it stops boot
    The engine refuses the container: "no such file or directory".

    ## Remedy
    Correct the path, or plug the device in.
    """
    for service in context.project.services:
        for index, node in items_at(service.node, "devices"):
            path = text_at(node, "source") or text_at(node).split(":")[0]
            if path.startswith("/") and context.host.file(path) is None:
                yield report(
                    place_in(service, "devices", index),
                    f"service '{service.name}': device '{path}' does not exist",
                )
