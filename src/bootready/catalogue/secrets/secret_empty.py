"""The file of a secret is empty: found before boot, at its place."""

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
from bootready.model.lookup import shown


@check(
    summary="the file of a secret is empty",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    looks_at=("secrets",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
)
def secret_empty(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secrets whose file is empty.

    ## Why it matters
    The service gets an empty password, and either refuses to start or runs without a password.

    ## What you see
    ```
    Error: Database is uninitialized and superuser password is not specified.
    ```

    ## Remedy
    Write the value, or remove the file and run `bootready prepare`.

    ## When to silence it
    If empty is a valid value, for example an optional API key.
    """
    used = {grant.source for service in context.project.services for grant in service.secrets}
    for item in context.project.secrets:
        if item.file is None or item.external or item.name not in used:
            continue

        fact = context.host.file(item.file)
        if fact is not None and fact.kind == "file" and fact.size == 0:
            path = shown(item.file, context.project.directory)
            yield report(
                (item.file_location or item.location).labelled("this file is empty"),
                f"secret '{item.name}': file '{path}' is empty",
                hint=f"rm {path} && bootready prepare",
            )
