"""Git does not ignore the file of a secret: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.check.remedies import line_appended
from bootready.check.unresolved import is_unresolved
from bootready.model.lookup import shown
from bootready.model.position import Location
from bootready.model.project import Project


@check(
    summary="git does not ignore the file of a secret",
    severity=Severity.WARNING,
    needs=Needs.FILES,
    where=("secrets", "env_files"),
    since="0.1.0",
    reference="https://git-scm.com/docs/gitignore",
)
def secret_unignored_by_git(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for the files of secrets, and for an `.env` with passwords or keys in it, that Git neither
    tracks nor ignores.

    ## Why it matters
    The next `git add .` adds them to the repository.

    ## Remedy
    Add them to `.gitignore`; `bootready fix` does that.

    ## When to silence it
    If a global `core.excludesFile` that this machine does not have covers them.
    """
    found: list[tuple[Location | None, str, str]] = [
        (item.file_location or item.location, f"secret '{item.name}'", item.file)
        for item in context.project.secrets
        if item.file
        and not item.external
        and not is_unresolved(context.project, (*item.location.path, "file"))
    ]
    if context.project.env_files:
        found += _env_files(context.project)
    for place, subject, path in found:
        inside = path.startswith(f"{context.project.directory}/")
        if not inside or context.host.tracked_by_git(path) is not False:
            continue
        if context.host.ignored_by_git(path) is False:
            name = shown(path, context.project.directory)
            yield report(
                place,
                f"{subject}: git does not ignore '{name}'",
                remedy=line_appended(
                    "adds it to ./.gitignore",
                    f"{context.project.directory}/.gitignore",
                    _pattern(name.removeprefix("./")),
                ),
            )


def _pattern(name: str) -> str:
    """Return the line of `.gitignore` that means this file and no other."""
    line = re.sub(r"([\\*?\[])", r"\\\1", name)
    return f"/{line[:-1]}\\ " if line.endswith(" ") else f"/{line}"


def _env_files(project: Project) -> list[tuple[Location | None, str, str]]:
    from bootready.knowledge.secrets.names import names_a_secret

    sources = {v.source for name, v in project.variables.items() if names_a_secret(name)}
    return [
        (None, f"file '{shown(file, project.directory)}'", file)
        for file in project.env_files
        if file in sources
    ]
