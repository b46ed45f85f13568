"""The file of a secret contains a placeholder: found before boot, at its place."""

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
from bootready.knowledge.secrets.kinds import PLACEHOLDER
from bootready.model.lookup import shown


@check(
    summary="the file of a secret contains a placeholder",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    looks_at=("secrets",),
    since="0.1.0",
)
def secret_placeholder(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for secret files whose content is a placeholder: the one that `bootready prepare` writes
    for credentials that cannot be generated, and everything that `value-placeholder` knows, such as
    `replace-me` or `<token>`, also as a value within a configuration file: `"token": "<token>"`.

    ## Why it matters
    The stack boots, but everything that needs the credential (mail, alerts, an API) fails.

    ## Remedy
    Write the real credential into the file.

    ## When to silence it
    If the feature that needs the credential is not used on this machine.
    """
    used = {grant.source for service in context.project.services for grant in service.secrets}
    for item in context.project.secrets:
        if item.file is None or item.external or item.name not in used:
            continue
        if _is_placeholder(context.host.read_text(item.file, 4096) or ""):
            path = shown(item.file, context.project.directory)
            yield report(
                item.file_location or item.location,
                f"secret '{item.name}': file '{path}' contains a placeholder",
                hint=f"put the real credential into {path}",
            )


def _is_placeholder(text: str) -> bool:
    from bootready.check.configuration import placeholders_in
    from bootready.knowledge.values.placeholder import Form, form_of

    if PLACEHOLDER in text or form_of(text, secret=True) is Form.PLACEHOLDER:
        return True
    return any(True for _ in placeholders_in(text))
