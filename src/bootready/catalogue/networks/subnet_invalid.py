"""A subnet or its gateway is not valid: found before boot, at its place."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_below, text_at


@check(
    summary="a subnet or its gateway is not valid",
    severity=Severity.ERROR,
    looks_at=("networks",),
    mentions=("subnet",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/networks/#ipam",
)
def subnet_invalid(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Parses every `ipam.config.subnet`, and checks that its `gateway` is in it.

    ## Why it stops boot
    The engine rejects the network, so no service that joins it starts.

    ## What you see
    ```
    failed to create network ft_n: Error response from daemon: Invalid subnet
    172.30.300.0/24 : invalid CIDR address: 172.30.300.0/24
    ```

    ## Remedy
    Write the subnet in CIDR notation, such as `172.30.0.0/24`, and a gateway inside it.

    ## When to silence it
    Never: the engine always rejects it.
    """
    for network in context.project.networks:
        for index, text in enumerate(network.subnets):
            subnet = _subnet(text)
            if subnet is None:
                yield report(
                    place_below(network.node, network.location, "ipam", "config", index, "subnet"),
                    f"network '{network.key}': invalid subnet '{text}'",
                    hint="write an address and a prefix length, such as 172.30.0.0/24",
                )
            gateway = text_at(network.node, "ipam", "config", index, "gateway")
            if subnet and gateway and not _holds(subnet, gateway):
                yield report(
                    place_below(network.node, network.location, "ipam", "config", index, "gateway"),
                    f"network '{network.key}': gateway {gateway} is not in {text}",
                    hint=f"set `gateway: {subnet[1]}`" if subnet.num_addresses > 1 else "",
                )


def _subnet(text: str) -> IPv4Network | IPv6Network | None:
    try:
        # Without a length it is one address to Python, and nothing to the engine.
        return ip_network(text, strict=False) if "/" in text else None
    except ValueError:
        return None


def _holds(subnet: IPv4Network | IPv6Network, address: str) -> bool:
    try:
        return ip_address(address) in subnet
    except ValueError:
        return False
