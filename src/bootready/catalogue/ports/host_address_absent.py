"""A port published on an address of no interface of this machine -> a finding."""

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
from bootready.check.ports import is_everywhere


@check(
    summary="a port is published on an address that this machine does not have",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.ports",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ports",
)
def host_address_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the host address of published ports with the addresses of this machine.

    ## Why it stops boot
    The engine cannot bind it: "cannot assign requested address".

    ## Remedy
    Use 127.0.0.1, or an address of this machine.
    """
    own: set[str] | None = None
    for service in context.project.services:
        for port in service.ports:
            if is_everywhere(port.host_ip):
                continue
            own = own if own is not None else set(context.host.addresses())
            if own and port.host_ip not in own:
                yield report(
                    port.location,
                    f"service '{service.name}': host address {port.host_ip} is not of this machine",
                )
