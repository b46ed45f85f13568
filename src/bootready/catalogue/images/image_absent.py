"""An image is not on this machine: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_in


@check(
    summary="an image is not on this machine",
    severity=Severity.WARNING,
    needs=Needs.ENGINE,
    looks_at=("service.image",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#image",
)
def image_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the images of services without a build with those that the engine has.

    ## Why it matters
    Compose pulls the image at the first start. That takes time, and fails if the registry cannot be
    reached.

    ## What you see
    ```
    Get "https://REGISTRY/v2/": dial tcp: lookup REGISTRY: no such host
    ```

    ## Remedy
    Run `docker compose pull`, or load the image from an archive with `docker load`.

    ## When to silence it
    If this machine always has access to the registry.
    """
    for service in context.project.services:
        image = service.image
        if image and service.build is None and context.engine.image(image) is None:
            yield report(
                place_in(service, "image"),
                f"service '{service.name}': image '{image}' is not on this machine",
                hint=f"docker pull {image}",
            )
