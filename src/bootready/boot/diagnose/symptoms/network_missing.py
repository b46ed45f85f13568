"""A refusal over a network -> the external one that does not exist, or one removed meanwhile."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, network_named, symptom

_EXTERNAL = re.compile(r"network (?P<name>\S+) declared as external, but could not be found")
_GONE = re.compile(r"network (?P<name>[\w.-]+) not found")


@symptom(summary="a network does not exist", rank=10)
def network_missing(evidence: Evidence) -> Explanation | None:
    """Compose never creates an external network; one of its own may be removed by somebody."""
    external = _EXTERNAL.search(evidence.refusal)
    gone = _GONE.search(evidence.refusal)
    said = external or gone
    if said is None:
        return None
    name = said["name"]
    network = network_named(evidence.project, name)
    if external is not None:
        return Explanation(
            headline=f"cannot be created: external network '{name}' does not exist",
            cause=f"network '{name}' is declared `external`, so Compose does not create it",
            remedy=f"run `bootready prepare`, or: docker network create {name}",
            location=network.location if network else None,
        )
    return Explanation(
        headline=f"cannot be started: network '{name}' no longer exists",
        cause=f"the network '{name}' was removed while, or after, its containers were created",
        remedy="recreate containers and network: docker compose down, then boot again",
        location=network.location if network else None,
    )
