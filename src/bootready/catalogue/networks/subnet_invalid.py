"""A subnet is not one: found before boot, at its place."""

from __future__ import annotations

from ipaddress import ip_network

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_below


@check(
    summary="a subnet is not one",
    severity=Severity.ERROR,
    looks_at=("networks",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/networks/#ipam",
)
def subnet_invalid(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads every `ipam.config.subnet`.

    ## Why it stops boot
    The engine refuses to create the network.

    ## Remedy
    Write it in CIDR form: `172.30.0.0/24`.
    """
    for network in context.project.networks:
        for index, text in enumerate(network.subnets):
            try:
                ip_network(text, strict=False)
            except ValueError:
                yield report(
                    place_below(network.node, network.location, "ipam", "config", index, "subnet"),
                    f"network '{network.key}': '{text}' is no subnet",
                    hint="an address and a length: 172.30.0.0/24",
                )
