"""An image refuses a mount at its former data directory: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says


@check(
    summary="an image refuses a mount where it kept its data before",
    severity=Severity.ERROR,
    uses=Needs.ENGINE,
    looks_at=("image.refused_mounts",),
    since="0.1.0",
    reference="https://github.com/docker-library/postgres/pull/1259",
    proof="the programs are those of public images, which no test may pull",
)
def image_data_directory_moved(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for volumes at a place that a known image gave up: PostgreSQL 18 keeps its data below
    `/var/lib/postgresql`, and refuses a mount at `/var/lib/postgresql/data`.

    ## Why it stops boot
    The program ends; the finding says what its log will say.

    ## Remedy
    Mount the volume where the image keeps its data now. Data of an older version has to be carried
    over first (`pg_upgrade`, or dump and restore).
    """
    for known in known_programs(context):
        service = known.service
        for fact, care in known.facts(known.image.family.refused_mounts):
            for mount in service.mounts:
                if mount.target.rstrip("/") == fact.path:
                    yield report(
                        mount.location,
                        f"service '{service.name}': image '{service.image}' refuses a mount at"
                        f" '{fact.path}'",
                        severity=grave("exits", care),
                        consequence=says(fact.log, care),
                        hint=f"mount it at {fact.instead}",
                    )
