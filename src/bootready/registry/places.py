"""An IP address -> how near it is: what a registry says must not lead us nearer than it is itself.

A registry is a stranger. It may send us elsewhere on the Internet, not into the network, the
machine or the metadata service of a cloud that it is no part of.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

PUBLIC, PRIVATE, MACHINE, METADATA = range(4)

_METADATA = tuple(
    map(
        ip_network,
        (
            "169.254.0.0/16",  # link-local: AWS, GCP, Azure, and most others
            "fe80::/10",
            "fd00:ec2::/32",  # AWS by IPv6
            "100.100.100.200/32",  # Alibaba
            "168.63.129.16/32",  # Azure's host
            "192.0.0.192/32",  # Oracle
        ),
    )
)
_NAT64 = ip_network("64:ff9b::/96")


def nearness(address: str) -> int:
    """Return PUBLIC, PRIVATE, MACHINE or METADATA for an address; the nearest for what is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return METADATA
    if isinstance(found, IPv6Address):
        found = _inner(found) or found
    if found.is_multicast or any(
        found.version == one.version and found in one for one in _METADATA
    ):
        return METADATA
    if found.is_loopback or found.is_unspecified:
        return MACHINE
    return PUBLIC if found.is_global else PRIVATE


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one leads to, if it does."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
