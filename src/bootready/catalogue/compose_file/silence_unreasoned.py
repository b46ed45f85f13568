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
    where=("silences",),
    since="0.1.0",
)
def silence_unreasoned(
    context: Context,  # noqa: ARG001 - the machinery reports it
    report: Report,  # noqa: ARG001 - the machinery reports it
) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `# bootready: ignore[...]` comments without a reason after the bracket.

    ## Why it matters
    Without a reason, reviewers cannot tell whether the silence is still justified. A silence
    without a reason has no effect: the finding is still reported.

    ## Remedy
    Write the reason after the bracket: `# bootready: ignore[image-absent] built by CI`.

    ## When to silence it
    There is no need to: writing the reason removes the finding.
    """
    # The machinery reports it (check.silence): only there is known what was silenced.
    yield from ()
