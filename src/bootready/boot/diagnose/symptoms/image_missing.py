"""A refused image -> why it cannot be pulled: not there, no access, or no way to the registry."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom

_NETWORK = re.compile(
    r"no such host|i/o timeout|connection refused|network is unreachable|Temporary failure"
    r"|dial tcp|TLS handshake timeout|context deadline exceeded",
)
_ABSENT = re.compile(
    r"manifest (for \S+ not found|unknown)|not found: manifest"
    r"|[Nn]o such image(?:: (?P<name>[^\s:]+(?::[\w.-]+)?))?"
)
_DENIED = re.compile(r"pull access denied|unauthorized|denied: requested access")
_REGISTRY = re.compile(r"(Get|Head) \"https?://|lookup |registry|pull|manifest|No such image")


@symptom(summary="an image is not on this machine and cannot be pulled", rank=12)
def image_missing(evidence: Evidence) -> Explanation | None:
    """Compose pulls what is not on the machine; offline, or for a typo, that fails."""
    refusal = evidence.refusal
    if not _REGISTRY.search(refusal):
        return None
    absent, denied = _ABSENT.search(refusal), _DENIED.search(refusal)
    network = _NETWORK.search(refusal)
    if not (absent or denied or network):
        return None
    service = evidence.service
    if absent and absent["name"]:
        users = [one for one in evidence.project.services if one.image == absent["name"]]
        service = service or next(iter(users), None)
    image = service.image if service and service.image else "the image"
    if absent:
        cause = f"image '{image}' does not exist, neither on this machine nor in its registry"
        remedy = "correct the name or tag of `image`, or build the image with that tag"
    elif denied:
        cause = f"you must log in to pull '{image}', or the image does not exist"
        remedy = "log in to the registry (docker login), or correct the name of `image`"
    else:
        cause = f"'{image}' is not on this machine, and its registry cannot be reached"
        remedy = f"connect to the network, or load it from a file: docker load < FILE ({image})"
    return Explanation(
        headline=f"has no image: '{image}' cannot be pulled",
        cause=cause,
        remedy=remedy,
        location=attribute(service, "image"),
    )
