"""Git tracks the file of a secret: found before boot, at its place."""

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
from bootready.model.position import Location


@check(
    summary="git tracks the file of a secret",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    since="0.1.0",
)
def secret_tracked_by_git(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secret files, the private keys beside them and `.env` in the index of the repository.

    ## Why it matters
    Everyone who can read the repository, now or later, can read the secret. Removing the file in a
    new commit does not remove it from the history.

    ## Remedy
    Run `git rm --cached FILE`, add the file to `.gitignore`, and change the secret.

    ## When to silence it
    If the file contains a public default for development, and production uses another value.
    """
    found: list[tuple[Location | None, str, str]] = [
        (item.file_location or item.location, f"secret '{item.name}'", item.file)
        for item in context.project.secrets
        if item.file
    ]
    found += [
        (None, "file '.env'", file) for file in context.project.env_files if file.endswith("/.env")
    ]
    for place, subject, path in found:
        tracked = context.host.tracked_by_git(path)
        if tracked is None and context.host.ignored_by_git(path) is not None:
            report.unseen("the git index cannot be read")
        if tracked:
            name = shown(path, context.project.directory)
            yield report(
                place,
                f"{subject}: git tracks '{name}'",
                hint=f"git rm --cached {name} && echo {name.removeprefix('./')} >> .gitignore",
            )
