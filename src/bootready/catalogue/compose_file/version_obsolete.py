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
    Compose ignores it and prints a warning at every command. Readers may believe that it selects a
    file format.

    ## What you see
    ```
    the attribute `version` is obsolete, it will be ignored, please remove it ...
    ```

    ## Remedy
    Delete the line; `bootready fix` does that.

    ## When to silence it
    If a tool that still requires the key reads the same file, such as `docker stack deploy` of an
    old Docker release.

    ## Sources
    - <https://docs.docker.com/reference/compose-file/version-and-name/>
    """
    for problem in context.project.warnings:
        if problem.kind == "version-obsolete":
            yield report(
                problem.location, "project: `version` is ignored by Compose", hint="delete the line"
            )
