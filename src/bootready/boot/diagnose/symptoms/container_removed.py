"""A container that vanished while we watched -> who is missing."""

from bootready.boot.diagnose.api import Evidence, Explanation, symptom


@symptom(summary="a container was removed from outside during the boot", rank=5)
def container_removed(evidence: Evidence) -> Explanation | None:
    """Somebody, or another Compose on the same project name, took the container away."""
    if not evidence.removed:
        return None
    return Explanation(
        headline="no longer has a container: it was removed during the boot",
        cause="something else removed the container (another `docker compose` with the same "
        "project name?)",
        remedy="boot again, and give each copy of the project a different `name`",
    )
