"""The version of an image is no longer supported: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.knowledge.images.known import known_services
from bootready.model.lookup import place_in


@check(
    summary="the version of an image is no longer supported",
    severity=Severity.NOTE,
    looks_at=("image.end_of_life",),
    since="0.1.0",
    reference="https://endoflife.date/",
)
def image_end_of_life(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the versions of known images with those that their maintainers support.

    ## Why it matters
    The project boots, but bugs and vulnerabilities in that version are no longer fixed.

    ## Remedy
    Plan the upgrade to a newer version. Databases need their data migrated.

    ## When to silence it
    If another vendor supports that version for you.
    """
    for known in known_services(context.project):
        for fact, care in known.facts(known.image.family.end_of_life):
            if not care:
                yield report(
                    place_in(known.service, "image"),
                    f"service '{known.service.name}': image '{known.service.image}' has not been"
                    f" supported since {fact.date}",
                    hint=f"use {fact.instead}" if fact.instead else "",
                )
