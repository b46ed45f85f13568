"""A certificate that does not fit its key, authority, names or the date -> findings."""

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
from bootready.check.certificates import AUTHORITY, CERTIFICATE, KEY, certificate_uses, served_names
from bootready.model.lookup import shown


@check(
    summary="a certificate does not fit its key, its authority, its names or the date",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    looks_at=("service.volumes", "service.secrets"),
    since="0.1.0",
)
def certificate_mismatch(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads `cert.pem`, `key.pem` and `rootCA.pem` of every certificate directory: the key must
    belong to the certificate, the authority must have signed it, the names of DEFAULT_URL must
    be in it, and it must be valid now.

    ## Why it matters
    A gateway with a key that does not match stays healthy and serves no certificate at all; the
    others make every client refuse it.

    ## Remedy
    Remove the files and run `bootready prepare`, which issues new ones.
    """
    for use in certificate_uses(context.project):
        path = shown(use.directory, context.project.directory)
        for reason in _reasons(context, use.directory):
            yield report(
                use.location,
                f"service '{use.services[0]}': certificate in '{path}' {reason}",
                hint=f"rm {path}/{CERTIFICATE} {path}/{KEY} && bootready prepare",
            )


def _reasons(context: Context, directory: str) -> Iterator[str]:
    host, path = context.host, f"{directory}/{CERTIFICATE}"
    fact = host.certificate(path)
    if fact is None:
        if host.file(path) is not None:
            yield "is not PEM"
        return
    key = host.key_fingerprint(f"{directory}/{KEY}")
    if host.file(f"{directory}/{KEY}") and key != fact.fingerprint:
        yield f"does not belong to {KEY}"
    authority = f"{directory}/{AUTHORITY}"
    if host.file(authority) and not host.signed_by(path, authority):
        yield f"is not signed by {AUTHORITY}"
    if fact.not_after < host.now():
        yield "has expired"
    elif fact.not_before > host.now():
        yield "is not valid yet"
    absent = [name for name in served_names(context.project) if name not in fact.names]
    if absent:
        yield f"lacks the name {', '.join(absent)}"
