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
    where=("silences",),
    since="0.1.0",
)
def silence_stale(
    context: Context,  # noqa: ARG001 - the machinery reports it
    report: Report,  # noqa: ARG001 - the machinery reports it
) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `# bootready: ignore[...]` comments, and entries in `bootready.toml`, whose check ran
    and found nothing at that place.

    ## Why it matters
    A silence that outlives its finding hides the next fault at the same place.

    ## Remedy
    Remove the comment or the entry.

    ## When to silence it
    If the finding depends on the machine, for example a port that is in use only on some hosts.
    """
    # The machinery reports it (check.silence): only there is known what was silenced.
    yield from ()
