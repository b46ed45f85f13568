"""A static address is assigned to another service first: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import items_at, number_of, text_at, value_at
from bootready.model.project import Network, Project, Service


@check(
    summary="a static address is assigned to another service first",
    severity=Severity.ERROR,
    looks_at=("service.networks",),
    mentions=("ipv4_address",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ipv4_address-ipv6_address",
)
def static_address_raced(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at networks on which some services have static addresses while the others get the next
    free address, starting with the lowest. An `ip_range` that excludes the static addresses is
    sufficient.

    ## Why it stops boot
    Services that start earlier (`depends_on`) take the address. If no dependency fixes the order,
    the result differs from start to start; that is reported as a warning.

    ## What you see
    ```
    Address already in use
    ```

    ## Remedy
    Use static addresses at the end of the subnet, or limit the other services with `ip_range`.

    ## When to silence it
    If the services with dynamic addresses start only after those with static ones.
    """
    for network in context.project.networks:
        pool = _pool(network)
        if pool is None:
            continue
        dynamic = {
            service.name: _replicas(service)
            for service in context.project.services
            for attachment in service.networks
            if attachment.network == network.key and not attachment.ipv4_address
        }
        for service in context.project.services if dynamic else ():
            for attachment in service.networks:
                if attachment.network != network.key or not attachment.ipv4_address:
                    continue
                rank = _rank(attachment.ipv4_address, pool)
                before = _before(service.name, context.project)
                sure = sum(count for name, count in dynamic.items() if name in before)
                if 0 <= rank < sum(dynamic.values()):
                    yield report(
                        attachment.location,
                        f"service '{service.name}': address {attachment.ipv4_address}"
                        f" {'is' if rank < sure else 'may be'}"
                        " assigned to another service first",
                        severity=None if rank < sure else Severity.WARNING,
                        hint="use a high address, or set `ip_range` for the other services",
                    )


def _pool(network: Network) -> tuple[int, int] | None:
    """Return the first address and its gateway's, as numbers, of what is handed out."""
    from ipaddress import IPv4Network, ip_network

    if network.external:
        return None
    for _, node in items_at(network.node, "ipam", "config"):
        try:
            subnet = ip_network(text_at(node, "subnet"), strict=False)
            within = ip_network(text_at(node, "ip_range") or str(subnet), strict=False)
        except ValueError:
            continue
        if isinstance(subnet, IPv4Network):
            first = int(within.network_address)
            return first + (within.network_address == subnet.network_address), int(
                subnet.network_address
            ) + 1
    return None


def _rank(address: str, pool: tuple[int, int]) -> int:
    """Return how many are given out before `address`, below 0 for one that is not."""
    from ipaddress import ip_address

    first, gateway = pool
    try:
        number = int(ip_address(address))
    except ValueError:
        return -1
    return number - first - (first <= gateway < number)


def _before(name: str, project: Project) -> set[str]:
    wanted = {service.name: service.depends_on for service in project.services}
    found, left = set[str](), [name]
    while left:
        for dependency in wanted.get(left.pop(), ()):
            if dependency.service not in found:
                found.add(dependency.service)
                left.append(dependency.service)
    return found


def _replicas(service: Service) -> int:
    given = value_at(service.node, "deploy", "replicas") or value_at(service.node, "scale")
    return max(1, number_of(given))
