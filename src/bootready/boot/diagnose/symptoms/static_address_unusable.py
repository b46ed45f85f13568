"""A refused static address -> the attachment that asks for it, and why it cannot be had."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom

_OUTSIDE = re.compile(r"Invalid address (?P<address>\S+?):? It does not belong")
_TAKEN = re.compile(r"Address already in use$|no available IP|Address already in use\b(?!.*listen)")
_NO_SUBNET = re.compile(r"only when connecting to networks with user configured subnets")


@symptom(summary="a static address is in use, or not in its network", rank=11)
def static_address_unusable(evidence: Evidence) -> Explanation | None:
    """`ipv4_address` must be free, inside the configured subnet, and not its gateway."""
    refusal = evidence.refusal
    outside, taken = _OUTSIDE.search(refusal), _TAKEN.search(refusal)
    without = _NO_SUBNET.search(refusal)
    if outside is None and taken is None and without is None:
        return None
    networks = evidence.service.networks if evidence.service else ()
    mine = next((one for one in networks if one.ipv4_address), None)
    address = mine.ipv4_address if mine else "the address"
    rivals = [
        (service.name, one)
        for service in evidence.project.services
        for one in service.networks
        if mine and service is not evidence.service and one.ipv4_address == mine.ipv4_address
    ]
    if outside is not None:
        cause = f"{address} is not in any subnet of the network"
        remedy = "choose an `ipv4_address` inside the subnet of the network"
    elif without is not None:
        cause = "the network has no `ipam` subnet, so services cannot ask for an address"
        remedy = "give the network an `ipam.config.subnet`, or drop `ipv4_address`"
    elif rivals:
        cause = f"service '{rivals[0][0]}' asks for {address} too"
        remedy = "give each service a different `ipv4_address`"
    else:
        cause = f"{address} is the gateway, or the engine has given it to another container"
        remedy = "choose a high address of the subnet, and set `ip_range` for dynamic ones"
    return Explanation(
        headline=f"cannot be started: address {address} is not available",
        cause=cause,
        remedy=remedy,
        location=mine.location if mine else attribute(evidence.service, "networks"),
        related=tuple(one.location for _, one in rivals),
    )
