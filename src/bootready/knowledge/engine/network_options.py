"""What the drivers of networks take for their options (asked of engine 20.10)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from bootready.knowledge.engine.values import GO_BOOLEANS
from bootready.regex import regex

_BRIDGE = "com.docker.network.bridge."
_BOOLEANS = tuple(f"{_BRIDGE}{name}" for name in ("enable_icc", "enable_ip_masquerade"))
_MTU = "com.docker.network.driver.mtu"
_MODES = {
    ("macvlan", "macvlan_mode"): ("bridge", "private", "vepa", "passthru"),
    ("ipvlan", "ipvlan_mode"): ("l2", "l3", "l3s"),
    ("ipvlan", "ipvlan_flag"): ("bridge", "private", "vepa"),
}
_INTERFACE = regex(r"[^\s/:]{1,15}")
"""What the kernel takes for the name of an interface (dev_valid_name, IFNAMSIZ)."""


def refused_option(driver: str, key: str, value: str) -> str:
    """Return what is wrong with one option of a network's driver, or ''."""
    if key == _MTU and not (value.isdigit() and int(value) <= 65535):
        return "must be a number of bytes such as 1450"
    if (driver, key) in _MODES:
        known = _MODES[driver, key]
        return "" if value in {"", *known} else f"must be one of {', '.join(known)}"
    if driver not in {"bridge", "default"}:
        return ""
    if key in _BOOLEANS and value not in GO_BOOLEANS:
        return 'must be "true" or "false"'
    if key == f"{_BRIDGE}host_binding_ipv4" and not _is_address(value):
        return "must be an IP address"
    if key == f"{_BRIDGE}name" and not _INTERFACE.fullmatch(value):
        return "must be at most 15 characters long, without '/' and spaces"
    return ""


def refused_parent(value: str, known: Sequence[str]) -> str:
    """Return what is wrong with the interface that a network is attached to, or ''.

    `known` are the interfaces of this machine, none where they could not be read.
    """
    if not value or "$" in value:
        return ""
    name, dot, vlan = value.partition(".")
    if not known or value in known:
        return "" if value != "lo" else "must not be the loopback interface"
    if dot and not vlan.isdigit():
        return "must have a VLAN number after the dot, such as eth0.10"
    if name in known and dot:
        return ""
    there = ", ".join(one for one in known if not one.startswith(("lo", "veth", "br-", "docker")))
    return f"but this machine has no such interface (available: {there or 'none'})"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
