"""The disk of the engine is nearly full: found before boot."""

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

LEAST = 2_000_000_000
"""Bytes; below that the first pull or the first database fills the disk."""


@check(
    summary="the disk of the engine is nearly full",
    severity=Severity.WARNING,
    needs=(Needs.ENGINE, Needs.HOST),
    since="0.1.0",
)
def disk_space_low(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at the space that is left where the engine keeps images and volumes, and in the project's
    directory.

    ## Why it matters
    A pull, a build or a database fails in the middle: "no space left on device".

    ## Remedy
    `docker system df` says what takes the room.
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
