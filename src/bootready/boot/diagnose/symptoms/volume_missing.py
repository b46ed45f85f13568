"""A refusal over a volume -> the external volume that does not exist."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, symptom, volume_named

_SAID = re.compile(r'external volume "(?P<name>[^"]+)" not found')


@symptom(summary="an external volume does not exist", rank=10)
def volume_missing(evidence: Evidence) -> Explanation | None:
    """Compose never creates an external volume."""
    said = _SAID.search(evidence.refusal)
    if said is None:
        return None
    name = said["name"]
    volume = volume_named(evidence.project, name)
    return Explanation(
        headline=f"cannot be created: external volume '{name}' does not exist",
        cause=f"volume '{name}' is declared `external`, so Compose does not create it",
        remedy=f"run `bootready prepare`, or: docker volume create {name}",
        location=volume.location if volume else None,
    )
