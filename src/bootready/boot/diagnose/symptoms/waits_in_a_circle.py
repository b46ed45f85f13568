"""Services whose last words say that they wait for each other -> the circle."""

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom


@symptom(summary="services wait for each other", rank=32)
def waits_in_a_circle(evidence: Evidence) -> Explanation | None:
    """Compose sees only the circles of `depends_on`; this one is in the programs themselves."""
    if not evidence.circle or evidence.service is None:
        return None
    names = ", ".join(f"'{name}'" for name in evidence.circle)
    verb = "waits" if len(evidence.circle) == 1 else "wait"
    places = (attribute(evidence.project.service(name), "command") for name in evidence.circle)
    return Explanation(
        headline=f"waits for {names}, which {verb} for it in turn",
        cause=f"'{evidence.service.name}' and {names} wait for each other, so none of them "
        "ever becomes ready",
        remedy="let one of them start, listen and pass its healthcheck without the other, and "
        "connect later",
        location=attribute(evidence.service, "command", "entrypoint", "image"),
        related=tuple(place for place in places if place),
        evidence=(f"log: {evidence.log[-1].strip()}",) if evidence.log else (),
    )
