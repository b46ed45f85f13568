"""The variable of a secret is not set: found before boot, at its place."""

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
    summary="the variable of a secret is not set",
    severity=Severity.ERROR,
    looks_at=("secrets",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_variable_unset(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `secrets.<name>.environment` whose variable has no value.

    ## Why it stops boot
    Compose refuses to create the container.

    ## Remedy
    Set the variable in the shell or in the `.env` file.
    """
    used = {grant.source for service in context.project.services for grant in service.secrets}
    for item in context.project.secrets:
        if (
            item.environment
            and item.name in used
            and item.environment not in context.project.variables
        ):
            yield report(
                item.location.labelled("this variable is not set"),
                f"secret '{item.name}': variable '{item.environment}' is not set",
                hint=f"set {item.environment} in the shell, or in the .env file",
            )
