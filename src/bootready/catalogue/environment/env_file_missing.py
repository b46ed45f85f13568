"""An env_file does not exist: found before boot, at its place."""

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
from bootready.knowledge.examples import templates_for
from bootready.model.lookup import shown


@check(
    summary="an env_file does not exist",
    severity=Severity.ERROR,
    uses=Needs.HOST,
    where=("problem.env-file-missing",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#env_file",
)
def env_file_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that every required `env_file` of the selected services exists.

    ## Why it stops boot
    Compose refuses to load the project, so no service starts, not even one that does not use the
    file.

    ## What you see
    ```
    env file .../.env.nope not found: stat .../.env.nope: no such file or directory
    ```

    ## Remedy
    Create the file (`bootready prepare` copies the template beside it, if there is one), or mark it
    `required: false`.

    ## When to silence it
    If a deployment tool writes the file before the start.
    """
    for problem in context.project.problems:
        if problem.kind == "env-file-missing":
            message = problem.message.replace(f"{context.project.directory}/", "./")
            yield report(
                problem.location,
                message,
                hint=problem.hint or _way_out(context, problem.subject),
            )


def _way_out(context: Context, path: str) -> str:
    for example in templates_for(path):
        if context.host.file(example):
            return f"bootready prepare (makes it from {shown(example, context.project.directory)})"
    return "create it, or write `required: false`"
