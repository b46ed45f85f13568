"""A certificate or its key does not exist: found before boot, at its place."""

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
from bootready.knowledge.secrets.certificates import FILES, certificate_uses, is_prepared
from bootready.model.lookup import shown


@check(
    summary="a certificate or its key does not exist",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.volumes", "service.secrets"),
    since="0.1.0",
    proof="what is verified is the project's choice; tests/engine/test_core_stack.py boots one",
)
def certificate_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `rootCA.pem`, `cert.pem` and `key.pem` in every directory that a service declares
    (`x-bootready: {certificates: [...]}`), and in those named `certs`, `certificates` or `tls`
    that a selected service mounts from the project.

    ## Why it stops boot
    A gateway without its certificate stays healthy and serves none: browsers and clients refuse
    it. It is an error where a service declares it, and where the project asks its own gateway by
    TLS (`x-bootready: {verify: ...}` with a `ca_file` in this directory): the stack is never
    ready then.

    ## Remedy
    Issues a certificate from a local authority (mkcert's, where there is one) for the declared
    names, or for those of DEFAULT_URL.
    """
    for use in certificate_uses(context.project):
        missing = [name for name in FILES if context.host.file(f"{use.directory}/{name}") is None]
        if not missing or not is_prepared(context.host, use):
            continue
        path = shown(use.directory, context.project.directory)
        yield report(
            use.location.labelled("certificates are expected here"),
            f"service '{use.services[0]}': '{path}' has no {', '.join(missing)}",
            severity=None if use.demanded else Severity.WARNING,
            remedy=certificate_issued(use.directory, use.names, use.usages),
        )
