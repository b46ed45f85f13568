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
    absent = {
        service.image: service
        for service in reversed(context.project.services)
        if service.image and service.build is None and context.engine.image(service.image) is None
    }
    names = sorted(absent)
    places = [place_in(absent[name], "image") for name in names]
    if len(names) == 1:
        yield report(
            places[0],
            f"service '{absent[names[0]].name}': image '{names[0]}' is not on this machine",
            hint=f"docker pull {names[0]}",
        )
    elif names:
        yield report(
            places[0],
            f"project: {len(names)} images are not on this machine, and the first start pulls them",
            related=places[1:5],
            hint="docker compose pull",
        )._replace(places=len(places))
