"""A subnet of IPv4 as text -> its first and last address, as numbers.

`ipaddress` says the same, and takes longer to import than a check with it takes; it is used for
any other notation.
"""

from __future__ import annotations


def ipv4_range(text: str) -> tuple[int, int] | None:
    """Return the first and the last address of `text`, such as ``172.17.0.0/16`` or ``10.0.0.1``.

    Host bits are ignored. None for IPv6, and for what is no subnet.
    """
    if ":" in text:
        return None
    address, slash, length = text.partition("/")
    octets = address.split(".")
    if len(octets) != 4 or not all(map(_is_octet, octets)) or (slash and not _is_octet(length)):
        return _any_range(text)
    prefix = int(length) if slash else 32
    if prefix > 32:
        return None
    number = 0
    for octet in octets:
        number = number << 8 | int(octet)
    behind = (1 << 32 - prefix) - 1
    return number & ~behind, number | behind


def _is_octet(text: str) -> bool:
    """Tell whether `text` is a number up to 255 as everybody writes it."""
    return (
        0 < len(text) < 4
        and not text.strip("0123456789")
        and str(int(text)) == text
        and int(text) < 256
    )


def _any_range(text: str) -> tuple[int, int] | None:
    from ipaddress import IPv4Network

    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        return None
    return int(network.network_address), int(network.broadcast_address)
