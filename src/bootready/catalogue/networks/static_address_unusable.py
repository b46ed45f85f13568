"""A static address cannot be assigned: found before boot, at its place."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import items_at, text_at


@check(
    summary="a static address cannot be assigned",
    severity=Severity.ERROR,
    looks_at=("service.networks",),
    mentions=("ipv4_address",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ipv4_address-ipv6_address",
)
def static_address_unusable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks every `ipv4_address`: the network needs a subnet that contains it, it must be neither the
    gateway nor the first or last address of the subnet, and no other service may use it.

    ## Why it stops boot
    The engine creates the container but does not start it. `docker compose config` accepts the
    address.

    ## What you see
    ```
    Invalid address 172.30.99.5: It does not belong to any of this network's subnets
    user specified IP address is supported only when connecting to networks with user
    configured subnets
    Address already in use
    ```

    ## Remedy
    Use a free address at the end of the subnet.

    ## When to silence it
    If the subnet comes from an external network that is created with another subnet later.
    """
    networks = {network.key: network for network in context.project.networks}
    seen: dict[tuple[str, str], str] = {}
    for service in context.project.services:
        for attachment in service.networks:
            network, address = networks.get(attachment.network), attachment.ipv4_address
            if network is None or network.external or not address:
                continue
            gateways = [
                text_at(node, "gateway") for _, node in items_at(network.node, "ipam", "config")
            ]
            reason = _reason(address, network.subnets, gateways)
            other = seen.setdefault((attachment.network, address), service.name)
            if not reason and other != service.name:
                reason = f"is also used by service '{other}'"
            if reason:
                yield report(
                    attachment.location, f"service '{service.name}': address {address} {reason}"
                )


def _reason(address: str, subnets: tuple[str, ...], gateways: list[str]) -> str:
    if not subnets:
        return "needs a network with a `subnet`"
    try:
        pools = [ip_network(subnet, strict=False) for subnet in subnets]
        number = ip_address(address)
    except ValueError:
        return ""
    pool = next((pool for pool in pools if number in pool), None)
    if pool is None:
        return f"is not in {', '.join(subnets)}"
    taken = address in gateways if any(gateways) else number == pool.network_address + 1
    if number in {pool.network_address, pool.broadcast_address} and pool.num_addresses > 2:
        return f"is the {'last' if number == pool.broadcast_address else 'first'} of {pool}"
    return "is the address of the gateway" if taken else ""
