"""An image or tag was removed from its registry: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave
from bootready.knowledge.images.gone import is_gone
from bootready.knowledge.images.known import known_services
from bootready.model.lookup import place_in


@check(
    summary="an image or tag was removed from its registry",
    severity=Severity.ERROR,
    uses=Needs.ENGINE,
    looks_at=("image.gone",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#image",
    proof="what a public registry does not have, no test may ask it for",
)
def image_gone(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares names and tags with those that are known to have been removed, renamed or never
    published, for images that are not on this machine.

    ## Why it stops boot
    The pull fails, so no service of the project starts.

    ## What you see
    ```
    manifest unknown
    ```

    ## Remedy
    Use the name or tag in the hint.

    ## When to silence it
    If a registry mirror of yours still has the image.
    """
    for known in known_services(context.project):
        service = known.service
        if context.engine.reachable and context.engine.image(service.image or "") is not None:
            continue
        for fact, care in known.facts(known.image.family.gone):
            if is_gone(fact, known.image):
                yield report(
                    place_in(service, "image"),
                    f"service '{service.name}': image '{service.image}' cannot be pulled",
                    severity=grave("exits", care),
                    consequence=f"the registry answers: {fact.log}" if fact.log else "",
                    hint=f"use {fact.instead}" if fact.instead else "",
                )
