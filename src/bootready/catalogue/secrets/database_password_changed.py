"""The data of a database was created with another password: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.check.changed_values import changed_values, remembered
from bootready.knowledge.secrets.first_values import FirstValue, passwords_of


@check(
    summary="the data of a database was created with another password",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.volumes",),
    traits=Trait.TOLD_BEFORE_BOOT,
    since="0.2.0",
)
def database_password_changed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at databases and brokers that already have data. `bootready up` stores a keyed hash of the
    password that a running database accepted, and the current password is compared with it. Without
    a stored hash, the container that made the volume tells, if it still exists, or a secret file
    that is newer than the first file of the database.

    ## Why it matters
    The image reads the password once, when it creates the data. Later the database rejects every
    client that uses the new password or, worse, still accepts the old one.

    ## What you see
    ```
    FATAL: password authentication failed for user "postgres"
    ```

    ## Remedy
    Put the old password back, or change it in the database: `bootready secrets rotate NAME` changes
    both if it can. If the data is not needed, remove it as well.

    ## When to silence it
    If the password was changed inside the database by other means.
    """
    passwords = passwords_of(context.project)
    found = {one.value.key for one in changed_values(context, passwords)}
    for password in passwords:
        words = ""
        if password.key in found:
            words = "is not the one that its data was created with"
        elif password.file and _is_younger(context, password):
            words = "is newer than its data, which keeps the first password"
        if words:
            yield report(
                password.location.labelled("the database keeps its first password"),
                f"service '{password.service}': {password.words} {words}",
                hint="put the old password back, change it in the database (`bootready secrets"
                " rotate`),"
                " or remove the data",
            )


def _is_younger(context: Context, password: FirstValue) -> bool:
    host = context.host
    secret = host.file(password.file)
    known, _ = remembered(host, context.project.directory)
    if secret is None or password.key in known:
        return False
    for directory in password.directories:
        below = [f"{directory}/{name}" for name in host.entries(directory)]
        for place in (directory, *below):
            for marker in password.markers:
                fact = host.file(f"{place}/{marker}")
                if fact is not None:
                    return secret.modified > fact.modified + _PATIENCE
    return False


_PATIENCE = 60.0
"""Seconds by which clocks and a first boot may differ."""
