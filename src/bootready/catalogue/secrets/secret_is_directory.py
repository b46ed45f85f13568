"""The file of a secret is a directory: found before boot, at its place."""

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
    summary="the file of a secret is a directory",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("secrets",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/secrets/",
    proof="it boots, and fails only in the program that reads the secret",
)
def secret_is_directory(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secrets whose `file` is a directory.

    ## Why it stops boot
    The engine mounts the directory, and `docker compose up` exits 0. The program in the container
    fails when it reads the secret.

    ## What you see
    ```
    cat: /run/secrets/pw: Is a directory
    ```

    ## Remedy
    Remove the directory (an earlier start created it because the file was missing) and create the
    file: `rmdir PATH && bootready prepare`.

    ## When to silence it
    If the program expects a directory of secrets at that path.
    """
    used = {grant.source for service in context.project.services for grant in service.secrets}
    for item in context.project.secrets:
        if item.file is None or item.external or item.name not in used:
            continue

        fact = context.host.file(item.file)
        if fact is not None and fact.kind == "directory":
            path = shown(item.file, context.project.directory)
            yield report(
                (item.file_location or item.location).labelled("this is a directory"),
                f"secret '{item.name}': '{path}' is a directory, not a file",
                hint=f"rmdir {path} && bootready prepare",
            )
