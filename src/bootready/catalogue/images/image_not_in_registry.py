"""A registry does not have an image: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.pulls import told

WHY = {
    "no tag": "its repository is there, but not with this tag",
    "no repository": "it has no such repository",
    "absent": "",
}


@check(
    summary="a registry does not have an image",
    severity=Severity.ERROR,
    needs=Needs.REGISTRY,
    uses=Needs.ENGINE,
    looks_at=("service.image",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#image",
    proof="tests/engine/test_registries.py asks an engine: the proofs here have no registry",
)
def image_not_in_registry(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    With `--registry`, asks the registry for the manifest of every image that is not on this
    machine, or that is always pulled, with the login that Docker has.

    ## Why it stops boot
    The pull fails, so no service of the project starts.

    ## What you see
    ```
    manifest for registry.example.com/shop:2 not found: manifest unknown
    ```

    ## Remedy
    Correct the name or the tag; `bootready explain image NAME` knows where some images went.

    ## When to silence it
    If another step pushes the image before the start.

    ## Known limits
    Many registries answer that a login is missing where they have no such repository; that is
    `registry-login-missing`.
    """
    for pull, fact in told(context, *WHY):
        places = pull.places
        known = fact.state == "no tag"
        yield report(
            places[0],
            f"service '{pull.services[0].name}': registry '{fact.host}' does not have image"
            f" '{pull.image}'",
            related=places[1:],
            consequence=WHY[fact.state],
            hint="correct the tag" if known else "correct the name, or push the image",
        )
