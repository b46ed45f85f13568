"""The disk of the engine is nearly full: found before boot."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)

LEAST = 2_000_000_000
"""Bytes; below that the first pull or the first database fills the disk."""


@check(
    summary="the disk of the engine is nearly full",
    severity=Severity.WARNING,
    needs=(Needs.ENGINE, Needs.HOST),
    traits=Trait.TRANSIENT,
    since="0.1.0",
)
def disk_space_low(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks the free space where the engine stores images and volumes, and in the directory of the
    project.

    ## Why it matters
    A pull, a build or a database fails halfway, and a database may not start again until space is
    freed.

    ## What you see
    ```
    no space left on device
    ```

    ## Remedy
    Run `docker system df` to find out what uses the space, and `docker image prune` to remove
    unused images.

    ## When to silence it
    If the images of the project are already on this machine and its volumes are on another disk.
    """
    for subject, path in (
        ("engine", context.engine.info().root),
        ("project", context.project.directory),
    ):
        free = context.host.free_space(path) if path else None
        if free is not None and free < LEAST:
            yield report(
                None,
                f"{subject}: {free / 1e9:.1f} GB left at '{path}'",
                hint="find out what uses the space: docker system df",
            )
            return
