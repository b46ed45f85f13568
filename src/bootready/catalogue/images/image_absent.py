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
from bootready.knowledge.images.built import built_images, is_never_pulled, with_tag
from bootready.model.lookup import place_in
from bootready.model.position import Location


@check(
    summary="an image is not on this machine",
    severity=Severity.NOTE,
    needs=Needs.ENGINE,
    looks_at=("service.image",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#image",
)
def image_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the images of the project with those that the engine has, but for those that the
    project builds and those that are never pulled.

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
    absent: dict[str, list[Location]] = {}
    built = built_images(context.project)
    for service in context.project.services:
        image = service.image
        if not image or service.build or with_tag(image) in built or is_never_pulled(service):
            continue
        if context.engine.image(image) is None:
            absent.setdefault(image, []).append(place_in(service, "image"))
    if not absent:
        return
    names = [f"'{image}'" for image in absent]
    places = [place for found in absent.values() for place in found]
    yield report(
        places[0],
        _message(names),
        related=places[1:],
        hint="docker compose pull",
    )._replace(
        places=len(places),
        brief=_message([*names[:2], f"{len(names) - 2:,} more"]) if len(names) > _FEW else "",
        subjects=tuple(dict.fromkeys(place.path[:2] for place in places)),
    )


_FEW = 3
"""So many images are named on a screen."""


def _message(names: list[str]) -> str:
    if len(names) == 1:
        return f"image {names[0]}: not on this machine"
    return f"project: images {', '.join(names[:-1])} and {names[-1]} are not on this machine"
