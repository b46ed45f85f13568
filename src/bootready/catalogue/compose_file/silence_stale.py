"""A silence no longer matches any finding: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)


@check(
    summary="a silence no longer matches any finding",
    severity=Severity.WARNING,
    since="0.1.0",
)
def silence_stale(
    context: Context,  # noqa: ARG001 - the machinery reports it
    report: Report,  # noqa: ARG001 - the machinery reports it
) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `# bootready: ignore[...]` comments, and entries of `bootready.toml`, whose check
    ran and found nothing there.

    ## Why it matters
    A silence that outlived its finding hides the next one.

    ## Remedy
    Remove the comment.
    """
    # The machinery reports it (check.silence): only there is known what was silenced.
    yield from ()
