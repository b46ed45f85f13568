"""An image rejects a mount at its former data directory: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.model.lookup import items_at, place_in, text_at
from bootready.model.position import Location
from bootready.model.project import Service


@check(
    summary="an image rejects a mount at its former data directory",
    severity=Severity.ERROR,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.refused_mounts",),
    since="0.1.0",
    reference="https://github.com/docker-library/postgres/pull/1259",
    proof="the programs are those of public images, which no test may pull",
)
def image_data_directory_moved(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for volumes at a path that newer versions of a known image no longer use: PostgreSQL 18
    stores its data in `/var/lib/postgresql`, and rejects a mount at `/var/lib/postgresql/data`.

    ## Why it stops boot
    The program exits; the finding has the line that its log will contain.

    ## Remedy
    Mount the volume at the current data directory of the image. Data of an older version must be
    migrated first (`pg_upgrade`, or dump and restore).

    ## When to silence it
    If the image is a build of your own that still uses the old path.
    """
    for known in known_programs(context):
        service = known.service
        for fact, care in known.facts(known.image.family.refused_mounts):
            for place in _places(service, fact.path):
                yield report(
                    place,
                    f"service '{service.name}': image '{service.image}' rejects a mount at"
                    f" '{fact.path}'",
                    severity=grave("exits", care),
                    consequence=says(fact.log, care),
                    hint=f"mount it at {fact.instead}",
                    kind=f"{fact.path}>{fact.instead}",
                )


def _places(service: Service, path: str) -> Iterator[Location]:
    """Yield the places that mount something at `path`: volumes, and entries of `tmpfs`."""
    for mount in service.mounts:
        if mount.target.rstrip("/") == path:
            yield mount.location
    for number, item in items_at(service.node, "tmpfs"):
        if text_at(item).partition(":")[0].rstrip("/") == path:
            yield place_in(service, "tmpfs", number)
