"""A required variable has no value: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import shown


@check(
    summary="a required variable has no value",
    severity=Severity.ERROR,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def required_variable_unset(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for every `${NAME:?...}` and `${NAME?...}` whose variable has no value.

    ## Why it stops boot
    Compose refuses to load the project; older versions name one such variable at a time.

    ## Remedy
    Set the variable in the `.env` file, or in the shell.
    """
    for problem in context.project.problems:
        if problem.kind != "required-variable-unset":
            continue
        looked = ", then ".join(
            [
                "the shell",
                *(f"'{shown(f, context.project.directory)}'" for f in context.project.env_files),
            ]
        )
        yield report(
            problem.location, problem.message, hint=problem.hint, consequence=f"looked in: {looked}"
        )
