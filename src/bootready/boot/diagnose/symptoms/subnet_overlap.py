"""A refused network -> the subnet that overlaps another one."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, network_named, symptom

_SAID = re.compile(r"failed to create network (?P<name>\S+?):.*Pool overlaps|Pool overlaps")


@symptom(summary="the subnet of a network overlaps another one", rank=10)
def subnet_overlap(evidence: Evidence) -> Explanation | None:
    """Two networks of one engine cannot share addresses."""
    said = _SAID.search(evidence.refusal)
    if said is None:
        return None
    name = said["name"] or ""
    network = network_named(evidence.project, name)
    subnets = ", ".join(network.subnets) if network and network.subnets else "its subnet"
    return Explanation(
        headline=f"network '{name}' cannot be created: {subnets} overlaps another network",
        cause=f"another network of this engine already uses addresses in {subnets}",
        remedy="choose another `subnet` for the network, or remove the other network "
        "(docker network ls; docker network inspect NAME)",
        location=network.location if network else None,
    )
