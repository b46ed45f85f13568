"""Git does not ignore the file of a secret: found before boot, at its place."""

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
from bootready.model.secret import names_a_secret


@check(
    summary="git does not ignore the file of a secret",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    since="0.1.0",
    reference="https://git-scm.com/docs/gitignore",
)
def secret_unignored_by_git(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for the files of secrets, and for a `.env` with passwords or keys in it, which git neither
    tracks nor ignores.

    ## Why it matters
    The next `git add .` publishes them.

    ## Remedy
    Add them to `.gitignore`.
    """
    found: list[tuple[Location | None, str, str]] = [
        (item.file_location or item.location, f"secret '{item.name}'", item.file)
        for item in context.project.secrets
        if item.file and not item.external
    ]
    sources = {v.source for n, v in context.project.variables.items() if names_a_secret(n)}
    found += [
        (None, f"file '{shown(file, context.project.directory)}'", file)
        for file in context.project.env_files
        if file in sources
    ]
    for place, subject, path in found:
        inside = path.startswith(f"{context.project.directory}/")
        if not inside or context.host.tracked_by_git(path) is not False:
            continue
        if context.host.ignored_by_git(path) is False:
            name = shown(path, context.project.directory)
            yield report(
                place,
                f"{subject}: git does not ignore '{name}'",
                hint=f"echo /{name.removeprefix('./')} >> .gitignore",
            )
