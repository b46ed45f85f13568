"""The variable of a secret or config is not set: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.secrets.grants import granted


@check(
    summary="the variable of a secret or config is not set",
    severity=Severity.ERROR,
    looks_at=("secrets", "configs"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_variable_unset(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the variable in `environment` of every granted secret and config has a value.

    ## Why it stops boot
    Compose refuses to create the container. `docker compose config` accepts the project.

    ## What you see
    ```
    environment variable "FT_NOPE" required by secret "ft_pw" is not set
    ```

    ## Remedy
    Set the variable in the shell or in the `.env` file. `bootready prepare` copies it from the
    example of the `.env` file, or generates a secret.

    ## When to silence it
    If the variable is set only where the project is deployed, for example by CI.
    """
    for kind, item in granted(context.project):
        known = context.project.variables_in(item.location.span.file)
        if item.environment and item.environment not in known:
            yield report(
                item.location.labelled("this variable is not set"),
                f"{kind} '{item.name}': variable '{item.environment}' is not set",
                hint=f"set {item.environment} in the shell or in the .env file",
            )
