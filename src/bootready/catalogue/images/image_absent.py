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
from bootready.check.pulls import fetched, size_words, told
from bootready.knowledge.images.built import pulled_services
from bootready.model.lookup import place_in
from bootready.model.position import Location


@check(
    summary="an image is not on this machine",
    severity=Severity.NOTE,
    needs=Needs.ENGINE,
    uses=Needs.REGISTRY,
    looks_at=("service.image",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#image",
)
def image_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the images of the project with those that the engine has, but for those that the
    project builds and those that are never pulled. With `--registry` it says how many bytes will be
    pulled: the layers that are not here already, each once.

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
    for service in pulled_services(context.project):
        image = service.image or ""
        if context.engine.image(image) is None:
            absent.setdefault(image, []).append(place_in(service, "image"))
    if not absent:
        return
    names = [f"'{image}'" for image in absent]
    places = [place for found in absent.values() for place in found]
    size = _size(context)
    yield report(
        places[0],
        _message(names) + size,
        related=places[1:],
        hint="docker compose pull",
    )._replace(
        places=len(places),
        brief=_message([*names[:2], f"{len(names) - 2:,} more"]) + size
        if len(names) > _FEW
        else "",
        subjects=tuple(dict.fromkeys(place.path[:2] for place in places)),
    )


_FEW = 3
"""So many images are named on a screen."""


def _size(context: Context) -> str:
    """Return how much will be pulled, in words, where registries were asked and say so."""
    images = list(told(context)) if context.registry.asked else []
    known = [one.fact for one in images if one.fact.layers]
    if not known:
        return ""
    size = size_words(fetched(known, context.engine.layers()))
    without = len(images) - len(known)
    return f"; {size} will be pulled" + (f", without {without} of unknown size" if without else "")


def _message(names: list[str]) -> str:
    if len(names) == 1:
        return f"image {names[0]}: not on this machine"
    return f"project: images {', '.join(names[:-1])} and {names[-1]} are not on this machine"
