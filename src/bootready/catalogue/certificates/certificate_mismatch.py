"""A certificate does not match its key, authority, names or date."""

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
    CertificateUse,
    certificate_uses,
    is_local,
    names_to_sign,
    not_permitted,
    signed_apart,
)
from bootready.model.fact import CertificateFact
from bootready.model.lookup import shown


@check(
    summary="a certificate does not match its key, authority, names or date",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.volumes", "service.secrets"),
    where=("mount.bind", "service.secrets", "service.x-bootready"),
    since="0.1.0",
    proof="what is verified is the project's choice; tests/engine/test_core_stack.py boots one",
)
def certificate_mismatch(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads `cert.pem`, `key.pem` and `rootCA.pem` in every certificate directory. The key must belong
    to the certificate, the authority must have signed it, it must cover the names (those of
    DEFAULT_URL and of Traefik's routers, or those that a service declares), it must be for the
    declared purpose, and it must be valid now and for 30 more days. If a service declares a
    certificate, one authority must have signed all certificates of the project, because clients
    know only one.

    ## Why it stops boot
    A gateway with a key that does not match stays healthy but serves no certificate at all; with
    the other faults every client rejects the connection. This is an error if a service declares the
    certificate (`x-bootready: {certificates: [...]}`), and if the project checks its own gateway
    over TLS (`x-bootready: {verify: ...}` with a `ca_file` in this directory); otherwise it is a
    warning.

    ## What you see
    The log of Traefik has the only trace:

    ```
    failed to load X509 key pair: tls: private key does not match public key
    ```

    ## Remedy
    `bootready prepare` renews a certificate of a local authority and keeps its key. For any other
    certificate, remove the files and run `bootready prepare`, which issues new ones.

    ## When to silence it
    If clients do not verify the certificate, or if a proxy in front of the gateway ends TLS.
    """
    uses = certificate_uses(context.project)
    apart = signed_apart(context.host, uses)
    every = names_to_sign(uses)
    for use in uses:
        path = shown(use.directory, context.project.directory)
        ours = is_local(context.host.certificate(f"{use.directory}/{CERTIFICATE}"))
        for reason in _reasons(context, use, every, together=use.directory not in apart):
            works = not use.demanded or reason.startswith("expires")
            yield report(
                use.location,
                f"service '{use.services[0]}': certificate in '{path}' {reason}",
                hint="" if ours else f"rm {path}/{CERTIFICATE} {path}/{KEY} && bootready prepare",
                remedy=certificate_issued(use.directory, use.names, use.usages) if ours else None,
                severity=Severity.WARNING if works else None,
            )


_MONTH = 30 * 86400


def _reasons(
    context: Context, use: CertificateUse, every: tuple[str, ...], *, together: bool
) -> Iterator[str]:
    host, directory = context.host, use.directory
    path = f"{directory}/{CERTIFICATE}"
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
    elif not together:
        yield "is signed by a different authority than those of the other services"
    if fact.not_after < host.now():
        yield "has expired"
    elif fact.not_after < host.now() + _MONTH:
        yield f"expires in {int(fact.not_after - host.now()) // 86400} days"
    elif fact.not_before > host.now():
        yield "is not valid yet"
    absent = [name for name in use.names if name not in fact.names]
    if absent:
        yield f"lacks the name {', '.join(absent)}"
    unusable = [usage for usage in use.usages if usage not in fact.usages]
    if unusable:
        yield f"is not for a {' or a '.join(unusable)}"
    if is_local(fact):
        yield from _of_authority(context, host.certificate(authority), every)


def _of_authority(
    context: Context, fact: CertificateFact | None, names: tuple[str, ...]
) -> Iterator[str]:
    """Yield what is wrong with a local authority: a new one is made then, for all certificates."""
    now = context.host.now()
    if fact is not None and fact.not_after < now + _MONTH:
        yield "has an authority that has expired or soon does"
    outside = () if fact is None else not_permitted(fact.permitted, names)
    if outside:
        yield f"has an authority that may not sign for {', '.join(outside)}"
