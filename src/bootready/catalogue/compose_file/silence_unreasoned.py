"""A silence gives no reason: found before boot, at its place."""

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
    summary="a silence gives no reason",
    severity=Severity.WARNING,
    since="0.1.0",
)
def silence_unreasoned(
    context: Context,  # noqa: ARG001 - the machinery reports it
    report: Report,  # noqa: ARG001 - the machinery reports it
) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `# bootready: ignore[...]` comments without words behind them.

    ## Why it matters
    Nobody can tell later whether it is still right. A silence without a reason silences
    nothing.

    ## Remedy
    Write the reason behind the bracket.
    """
    # The machinery reports it (check.silence): only there is known what was silenced.
    yield from ()
