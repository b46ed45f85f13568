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
from bootready.knowledge.examples import settings_in, value_of
from bootready.knowledge.secrets.names import names_a_secret
from bootready.knowledge.values.placeholder import Form, form_of
from bootready.model.lookup import shown
from bootready.model.position import Location, Span


@check(
    summary="git tracks the file of a secret",
    severity=Severity.WARNING,
    needs=Needs.FILES,
    where=("secrets", "env_files"),
    since="0.1.0",
)
def secret_tracked_by_git(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secret files in the index of the repository, and for a `.env` in it with secrets:
    variables with the name of a secret and a value that is not a placeholder or a demo password.

    ## Why it matters
    Everyone who can read the repository, now or later, can read the secret. Removing the file in a
    new commit does not remove it from the history.

    ## Remedy
    Change the secret. Remove a secret file from git with `git rm --cached FILE` and add it to
    `.gitignore`; keep the `.env`, which every clone needs, and move only its secrets to a file that
    git ignores.

    ## When to silence it
    If the file contains a public default for development, and production uses another value.
    """
    for item in context.project.secrets:
        if item.file and _is_tracked(context, report, item.file):
            name = shown(item.file, context.project.directory)
            yield report(
                item.file_location or item.location,
                f"secret '{item.name}': git tracks '{name}'",
                hint=f"change the secret, then git rm --cached {name} and add it to .gitignore;"
                " a clone without it gets one from bootready prepare",
            )
    for file in context.project.env_files:
        if file.endswith("/.env") and _is_tracked(context, report, file):
            yield from _in_env_file(context, report, file)


def _is_tracked(context: Context, report: Report, path: str) -> bool:
    tracked = context.host.tracked_by_git(path)
    if tracked is None and context.host.ignored_by_git(path) is not None:
        report.unseen("the git index cannot be read")
    return bool(tracked)


def _in_env_file(context: Context, report: Report, file: str) -> Iterator[Finding]:
    """Yield the one finding for the secrets in a tracked env file, at their lines."""
    places = [
        Location(Span(file, one.line, 1, one.line, len(one.name) + 1), (), "a secret")
        for one in settings_in(context.project.sources.get(file, "")).values()
        if names_a_secret(one.name) and _is_real(value_of(one))
    ]
    if not places:
        return
    name = shown(file, context.project.directory)
    many = f"{len(places):,} secrets" if len(places) > 1 else "a secret"
    yield report(
        places[0],
        f"file '{name}': git tracks {many}",
        related=places[1:],
        # The project needs the file: what else it sets, a clone has from nowhere else.
        hint="change them, and set them where git does not see it: in the shell, or in an env file"
        " that .gitignore names and --env-file adds",
    )._replace(places=len(places))


def _is_real(value: str) -> bool:
    """Tell whether a value is a secret of somebody's: no placeholder and no demo's password."""
    return len(value) >= _LEAST and form_of(value, secret=True) is Form.REAL


_LEAST = 6
"""Characters; a shorter one is a number, a switch or a demo's."""
