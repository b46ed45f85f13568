"""What the first start pulls does not fit on the disk of the engine: found before boot."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.pulls import fetched, size_words, told

UNPACKED = 2.5
"""So much larger than what is sent are layers on the disk, in most public images."""


@check(
    summary="the images to be pulled do not fit on the disk of the engine",
    severity=Severity.ERROR,
    needs=(Needs.REGISTRY, Needs.ENGINE, Needs.HOST),
    looks_at=("service.image",),
    since="0.1.0",
    reference="https://docs.docker.com/engine/storage/",
    proof="no test fills the disk of an engine",
)
def pull_exceeds_disk(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    With `--registry`, adds up the layers of the images that will be pulled, each once and without
    those that the engine has already, and compares them with the free space where it keeps images.

    ## Why it stops boot
    The pull fails halfway, and the disk is full for everything else. It is a warning if the layers
    fit as they are sent, but not unpacked; then they are about 2.5 times as large.

    ## What you see
    ```
    failed to register layer: write /usr/lib/...: no space left on device
    ```

    ## Remedy
    Run `docker system df` to find out what uses the space, and `docker image prune` to remove
    unused images.

    ## When to silence it
    If another step makes room before the start.
    """
    images = [one for one in told(context) if one.fact.layers]
    root = context.engine.info().root
    free = context.host.free_space(root) if root and images else None
    if free is None:
        return
    size = fetched((one.fact for one in images), context.engine.layers())
    if size * UNPACKED <= free:
        return
    places = [place for one in images for place in one.pull.places]
    yield report(
        places[0],
        f"project: {size_words(size)} will be pulled, and {size_words(free)} are left at '{root}'",
        related=places[1:],
        severity=None if size > free else Severity.WARNING,
        consequence="" if size > free else "unpacked, images are about 2.5 times as large",
        hint="find out what uses the space: docker system df",
    )
