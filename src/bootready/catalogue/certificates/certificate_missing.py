"""A certificate or its key does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Remedy,
    Report,
    Safety,
    Severity,
    check,
)
from bootready.check.remedies import certificate_issued
from bootready.knowledge.secrets.certificate_names import (
    CertificateNames,
    names_read,
    pair_of,
    pairs_mounted,
)
from bootready.knowledge.secrets.certificate_sets import SetMember, certificate_sets
from bootready.knowledge.secrets.certificates import (
    FILES,
    CertificateUse,
    certificate_uses,
    is_prepared,
)
from bootready.model.lookup import shown


@check(
    summary="a certificate or its key does not exist",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.volumes", "service.secrets"),
    where=("mount.bind", "service.secrets", "service.x-bootready"),
    since="0.1.0",
    proof="what is verified is the project's choice; tests/engine/test_core_stack.py boots one",
)
def certificate_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `rootCA.pem`, `cert.pem` and `key.pem` in every directory that a service declares
    (`x-bootready: {certificates: [...]}`), and in those named `certs`, `certificates` or `tls` that
    a selected service mounts from the project. Where a mounted file, a command or a variable names
    other files there (`ssl_certificate /certs/server.crt`), and where a certificate and its key are
    mounted by their own names, it looks for those. Several certificates with their keys, or one
    whose authority lies elsewhere, are a set that one authority signs.

    ## Why it stops boot
    A gateway without its certificate stays healthy but serves none, so browsers and clients reject
    the connection. This is an error if a service declares the certificate, and if the project
    checks its own gateway over TLS (`x-bootready: {verify: ...}` with a `ca_file` in this
    directory), because the stack then never becomes ready.

    ## What you see
    `docker compose ps` shows the gateway as `healthy`; a client reports:

    ```
    curl: (60) SSL certificate problem: unable to get local issuer certificate
    ```

    ## Remedy
    `bootready prepare` issues a certificate from a local authority (that of mkcert, if it exists)
    for the declared names, or for those of DEFAULT_URL.

    ## When to silence it
    If the service obtains its certificates itself, for example by ACME.
    """
    project, host = context.project, context.host
    for use in certificate_uses(project):
        read = None if use.declared else names_read(project, host, use)
        if read is not None or is_prepared(host, use):
            yield from _found(context, report, use, read)
    members = certificate_sets(project, host)
    yield from _of_set(context, report, members)
    known = {use.directory for use in certificate_uses(project)}
    known |= {one.directory for one in members}
    for use in pairs_mounted(project, host):
        if use.directory not in known:
            mounts = [
                mount
                for service in project.services
                for mount in service.mounts
                if service.name in use.services and mount.source.startswith(f"{use.directory}/")
            ]
            yield from _found(context, report, use, pair_of(mounts))


def _of_set(context: Context, report: Report, members: tuple[SetMember, ...]) -> Iterator[Finding]:
    every = tuple(dict.fromkeys(name for one in members for name in one.names))
    for one in members:
        missing = [path for path in one.paths if context.host.file(path) is None]
        if not missing:
            continue
        names = ", ".join(shown(path, context.project.directory) for path in missing)
        yield report(
            one.location.labelled("a certificate of a set is expected here"),
            f"service '{one.services[0]}': there is no {names}",
            severity=Severity.WARNING,
            remedy=_issued(one, every),
        )


def _issued(one: SetMember, siblings: tuple[str, ...]) -> Remedy:
    from bootready.model.action import IssueCertificate

    action = IssueCertificate(
        one.directory,
        one.names,
        authority=one.authority,
        certificate=one.certificate,
        key=one.key,
        usages=one.usages,
        subject=one.subject,
        siblings=siblings,
    )
    return Remedy(f"issues a certificate for {', '.join(one.names)}", Safety.SAFE, (action,))


def _found(
    context: Context, report: Report, use: CertificateUse, read: CertificateNames | None
) -> Iterator[Finding]:
    names = read[:3] if read else FILES
    missing = [name for name in names if context.host.file(f"{use.directory}/{name}") is None]
    if not missing:
        return
    path = shown(use.directory, context.project.directory)
    hosts = tuple(dict.fromkeys((*use.names, *(read.hosts if read else ()))))
    yield report(
        use.location.labelled("certificates are expected here"),
        f"service '{use.services[0]}': '{path}' has no {', '.join(missing)}",
        severity=None if use.demanded else Severity.WARNING,
        remedy=certificate_issued(use.directory, hosts, use.usages, names),
    )
