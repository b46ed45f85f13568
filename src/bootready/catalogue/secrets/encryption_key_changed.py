"""What a program has stored was encrypted with another key: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, Trait, check
from bootready.check.changed_values import changed_values
from bootready.knowledge.secrets.first_values import keys_of


@check(
    summary="the stored data of a program was encrypted with another key",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.environment",),
    mentions=("ENCRYPT", "_KEY", "encrypt", "_key", "CREDENTIAL_SECRET"),
    traits=Trait.TOLD_BEFORE_BOOT,
    since="0.2.0",
    reference="https://docs.n8n.io/hosting/configuration/configuration-examples/encryption-key/",
)
def encryption_key_changed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the keys with which programs encrypt what they store (`N8N_ENCRYPTION_KEY`, `APP_KEY`,
    a Fernet key and their like) with those of the last boot that worked, of which `bootready up`
    stores a keyed hash, or with those of the container that made the volume. Only where the
    service, or a database that it depends on, still has data of that time.

    ## Why it matters
    What was encrypted with the old key cannot be read with the new one: some programs end at once,
    others fail at the first stored password or token.

    ## What you see
    ```
    Error: Mismatching encryption keys. The encryption key in the settings file does not match the
    N8N_ENCRYPTION_KEY env var
    ```

    ## Remedy
    Put the old key back. If the data is not needed, remove it as well (`docker compose down
    --volumes`). Some programs can encrypt their data again with another key; see their manual.

    ## When to silence it
    If the data was encrypted again with the new key.
    """
    for one in changed_values(context, keys_of(context.project)):
        key = one.value
        yield report(
            key.location.labelled("stored data was encrypted with another key"),
            f"service '{key.service}': {key.words} is not the key that its data was encrypted with",
            hint="put the old key back, or remove the data",
        )
