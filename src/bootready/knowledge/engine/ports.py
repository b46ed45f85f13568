"""What is published -> its numbers, and whether two host addresses meet."""

from __future__ import annotations

WILDCARDS = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104 - names of addresses, nothing is bound


def numbers(published: str) -> range:
    """Return the host ports of ``8080`` or ``8000-8010``; none for a random one."""
    first, _, last = published.partition("-")
    if not first.isdigit() or (last and not last.isdigit()):
        return range(0)
    return range(int(first), int(last or first) + 1)


def meet(one: str, other: str) -> bool:
    """Tell whether listeners on both addresses would collide.

    An address of IPv4 and one of IPv6 do not, not even both wildcards: the engine binds `::` for
    IPv6 alone, and no address for both.
    """
    if one == other:
        return True
    if not {one, other} & {"", "*"} and (":" in one) != (":" in other):
        return False
    return one in WILDCARDS or other in WILDCARDS


def is_everywhere(address: str) -> bool:
    """Tell whether every machine has this address: a wildcard or a loopback one."""
    return address in WILDCARDS or address.startswith(("127.", "::1"))


def first_address(subnet: str) -> str:
    """Return the address that a bridge takes in a subnet without a `gateway`, '' for no subnet."""
    from ipaddress import ip_network

    try:
        return str(ip_network(subnet, strict=False).network_address + 1)
    except ValueError:
        return ""
