"""The `version` element is obsolete: found before boot, at its place."""

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
    summary="the `version` element is obsolete",
    severity=Severity.NOTE,
    mentions=("version",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/version-and-name/",
)
def version_obsolete(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for a top-level `version`.

    ## Why it matters
    Compose ignores it and warns at every command; readers take it for something that counts.

    ## Remedy
    Delete the line.
    """
    for problem in context.project.warnings:
        if problem.kind == "version-obsolete":
            yield report(
                problem.location, "project: `version` is ignored by Compose", hint="delete the line"
            )
