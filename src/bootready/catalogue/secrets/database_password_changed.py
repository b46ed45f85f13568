"""The data of a database was created with another password: found before boot, at its place."""

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
from bootready.knowledge.secrets.databases import Password, passwords_of
from bootready.model.lookup import shown


@check(
    summary="the data of a database was created with another password",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.volumes",),
    since="0.2.0",
)
def database_password_changed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at PostgreSQL, MySQL, MariaDB and MongoDB services that already have data. `bootready up`
    stores a keyed hash of the password that a running database accepted, and the current password
    is compared with it. Without a stored hash, a secret file that is newer than the first file of
    the database counts.

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
    known, key = _remembered(context) if passwords else ({}, b"")
    for password in passwords:
        path = shown(password.file, context.project.directory) if password.file else ""
        if not _has_data(context, password):
            continue
        content = context.host.read_bytes(password.file) if path else password.text.encode()
        if content is None:
            continue
        recorded = known.get(password.key, "")
        words = ""
        if recorded and key:
            now = _hashed(key, content)
            words = "" if now == recorded else "is not the one that its data was created with"
        elif path and _is_younger(context, password):
            words = "is newer than its data, which keeps the first password"
        if words:
            yield report(
                password.location.labelled("the database keeps its first password"),
                f"service '{password.service}': {password.words} {words}",
                hint="put the old password back, change it in the database (`bootready secrets"
                " rotate`),"
                " or remove the data",
            )


def _hashed(key: bytes, content: bytes) -> str:
    import hashlib
    import hmac

    return hmac.new(key, content.rstrip(b"\r\n"), hashlib.sha256).hexdigest()


def _remembered(context: Context) -> tuple[dict[str, str], bytes]:
    state = context.host.state_directory(context.project.directory)
    text = context.host.read_text(f"{state}/passwords") if state else None
    if not text:
        return {}, b""
    import json

    try:
        found = json.loads(text)
    except ValueError:
        found = {}
    known = found if isinstance(found, dict) else {}
    return {str(name): str(value) for name, value in known.items()}, (
        context.host.read_bytes(f"{state}/key") or b""
    )


def _has_data(context: Context, password: Password) -> bool:
    if any(
        not name.startswith(".")
        for path in password.directories
        for name in context.host.entries(path)
    ):
        return True
    engine = context.engine
    return bool(password.volumes) and (
        engine.reachable and any(name in engine.volumes() for name in password.volumes)
    )


def _is_younger(context: Context, password: Password) -> bool:
    host = context.host
    secret = host.file(password.file)
    for directory in password.directories:
        below = [f"{directory}/{name}" for name in host.entries(directory)]
        for place in (directory, *below):
            for marker in password.markers:
                fact = host.file(f"{place}/{marker}")
                if fact is not None and secret is not None:
                    return secret.modified > fact.modified + _PATIENCE
    return False


_PATIENCE = 60.0
"""Seconds by which clocks and a first boot may differ."""
