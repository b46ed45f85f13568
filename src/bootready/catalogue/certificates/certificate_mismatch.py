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
from bootready.check.remedies import certificate_issued
from bootready.knowledge.secrets.certificates import (
    AUTHORITY,
    CERTIFICATE,
    KEY,
    certificate_uses,
    is_demanded,
    served_names,
)
from bootready.model.lookup import shown


@check(
    summary="a certificate does not match its key, authority, names or date",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.volumes", "service.secrets"),
    since="0.1.0",
    proof="what is verified is the project's choice; tests/engine/test_core_stack.py boots one",
)
def certificate_mismatch(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads `cert.pem`, `key.pem` and `rootCA.pem` of every certificate directory: the key must
    belong to the certificate, the authority must have signed it, the names of DEFAULT_URL and of
    Traefik's routers must be in it, and it must be valid now and for 30 more days.

    ## Why it stops boot
    A gateway with a key that does not match stays healthy and serves no certificate at all; the
    others make every client refuse it. It is an error where the project asks its own gateway by
    TLS (`x-bootready: {verify: ...}` with a `ca_file` in this directory).

    ## Remedy
    `bootready prepare` renews a certificate of a local authority, and keeps its key. For any
    other: remove the files and run it, which issues new ones.
    """
    for use in certificate_uses(context.project):
        path = shown(use.directory, context.project.directory)
        names = served_names(context.project)
        demanded = is_demanded(context.project, use.directory)
        fact = context.host.certificate(f"{use.directory}/{CERTIFICATE}")
        ours = fact is not None and any(name in fact.issuer for name in _LOCAL)
        for reason in _reasons(context, use.directory):
            works = not demanded or reason.startswith("expires")
            yield report(
                use.location,
                f"service '{use.services[0]}': certificate in '{path}' {reason}",
                hint="" if ours else f"rm {path}/{CERTIFICATE} {path}/{KEY} && bootready prepare",
                remedy=certificate_issued(use.directory, names) if ours else None,
                severity=Severity.WARNING if works else None,
            )


_LOCAL = ("bootready local CA", "mkcert ")
"""What the subjects of authorities say that sign for this machine only."""
_MONTH = 30 * 86400


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
    elif fact.not_after < host.now() + _MONTH:
        yield f"expires in {int(fact.not_after - host.now()) // 86400} days"
    elif fact.not_before > host.now():
        yield "is not valid yet"
    absent = [name for name in served_names(context.project) if name not in fact.names]
    if absent:
        yield f"lacks the name {', '.join(absent)}"
