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
from bootready.knowledge.secrets.certificates import (
    FILES,
    certificate_uses,
    is_demanded,
    served_names,
)
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
    Looks for `rootCA.pem`, `cert.pem` and `key.pem` in every directory named `certs`,
    `certificates` or `tls` that a selected service mounts from the project.

    ## Why it stops boot
    A gateway without its certificate stays healthy and serves none: browsers and clients refuse
    it. It is an error where the project asks its own gateway by TLS (`x-bootready: {verify: ...}`
    with a `ca_file` in this directory): the stack is never ready then.

    ## Remedy
    Issues a certificate from a local authority (mkcert's, where there is one) for the names of
    DEFAULT_URL.
    """
    for use in certificate_uses(context.project):
        missing = [name for name in FILES if context.host.file(f"{use.directory}/{name}") is None]
        if not missing or not _is_ours(context, use.directory, missing):
            continue
        path = shown(use.directory, context.project.directory)
        names = served_names(context.project)
        yield report(
            use.location.labelled("certificates are expected here"),
            f"service '{use.services[0]}': '{path}' has no {', '.join(missing)}",
            severity=None if is_demanded(context.project, use.directory) else Severity.WARNING,
            remedy=certificate_issued(use.directory, names),
        )


def _is_ours(context: Context, directory: str, missing: list[str]) -> bool:
    """A directory with certificates of other names is laid out in another way."""
    return len(missing) < len(FILES) or not any(
        name.endswith((".pem", ".crt", ".key")) for name in context.host.entries(directory)
    )
