"""An image gets no more repairs: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Report, Severity, check
from bootready.knowledge.images.known import known_services
from bootready.model.lookup import place_in


@check(
    summary="an image's version gets no more repairs",
    severity=Severity.NOTE,
    looks_at=("image.end_of_life",),
    since="0.1.0",
    reference="https://endoflife.date/",
)
def image_end_of_life(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the versions of known images with those that their makers support.

    ## Why it matters
    It boots, and faults in it stay.

    ## Remedy
    Plan the step to a newer version; databases need their data carried over.
    """
    for known in known_services(context.project):
        for fact, care in known.facts(known.image.family.end_of_life):
            if not care:
                yield report(
                    place_in(known.service, "image"),
                    f"service '{known.service.name}': image '{known.service.image}' gets no more"
                    f" repairs since {fact.date}",
                    hint=f"use {fact.instead}" if fact.instead else "",
                )
