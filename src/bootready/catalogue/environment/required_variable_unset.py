"""A required variable has no value: found before boot, at its place."""

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
from bootready.check.env_candidates import beside_tracked, hints_for
from bootready.model.lookup import shown


@check(
    summary="a required variable has no value",
    severity=Severity.ERROR,
    uses=Needs.HOST,
    where=("problem.required-variable-unset",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/interpolation/",
)
def required_variable_unset(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for every `${NAME:?...}` and `${NAME?...}` whose variable has no value.

    ## Why it stops boot
    Compose refuses to load the project. Compose 2 names only one such variable per run.

    ## What you see
    ```
    required variable FT_REQ is missing a value: FT_REQ must be set
    ```

    ## Remedy
    Set the variable in the `.env` file or in the shell. If git tracks the `.env`, `bootready fix`
    adds what is not secret to it; a secret belongs in a file of your own, such as `.env.local`.

    ## When to silence it
    If the variable is set only where the project is deployed. Better: give `bootready check` the
    same `--env-file`.
    """
    hints: dict[str, str] | None = None
    for problem in context.project.problems:
        if problem.kind != "required-variable-unset":
            continue
        if hints is None:
            hints = hints_for(context.project, context.host)
        looked = ", then ".join(
            [
                "the shell",
                *(f"'{shown(f, context.project.directory)}'" for f in context.project.env_files),
            ]
        )
        yield report(
            problem.location,
            problem.message,
            hint=problem.hint
            or hints.get(problem.subject)
            or beside_tracked(context.project, context.host, problem.subject),
            consequence=f"looked in: {looked}",
        )
