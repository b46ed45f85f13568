"""The last lines of a log -> the row of the signature table that knows them."""

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, mount_at, nested, symptom
from bootready.boot.diagnose.signatures import Match, recognise
from bootready.model.position import Location


@symptom(summary="the program says why, in words that are known", rank=40)
def log_signature(evidence: Evidence) -> Explanation | None:
    """See `signatures.py` for the table. A probe's output counts like a log."""
    container = evidence.container
    if container is None:
        return None
    if container.running and not container.health and not evidence.died:
        return None
    found = recognise(evidence.log, dead=evidence.died)
    source = "log"
    if found is None and evidence.probe is not None:
        found = recognise(evidence.probe.output.splitlines(), dead=True)
        source = "probe"
    if found is None:
        return None
    ended = f"exited with {evidence.exit_code}" if evidence.died else "is unhealthy"
    if evidence.died and container.restarts > 1:
        ended = f"crashes again and again (exit {evidence.exit_code})"
    return Explanation(
        headline=f"{ended}: {found.cause.split(':')[0]}",
        cause=found.cause,
        remedy=found.remedy,
        location=_place(evidence, found),
        evidence=(f"{source} [{found.id}]: {found.line}",),
    )


def _place(evidence: Evidence, found: Match) -> Location | None:
    """Return the mount or grant that the line names, else the attribute that is likely to blame."""
    service = evidence.service
    if service is None:
        return None
    for grant in (*service.secrets, *service.configs):
        if grant.target and grant.target in found.line:
            return grant.location
    for mount in service.mounts:
        if mount.target != "/" and mount.target in found.line:
            known = mount_at(service, mount.target)
            return known.location if known else None
    for key in found.keys:
        place = nested(service, key)
        if place is not None:
            return place
    return attribute(service, "command")
