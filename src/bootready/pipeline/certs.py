"""Takes a request; says what certificates the project has, and makes the machine trust their CA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.apply.certificates.authority import described, mkcert_directories
from bootready.apply.certificates.trust import (
    find_store,
    install_trust,
    remove_trust,
    trusted_paths,
)
from bootready.apply.files.ground import RefusedError
from bootready.engine.run import run
from bootready.errors import BootreadyError
from bootready.host.local import LocalHost
from bootready.host.state import AUTHORITY_KEY, readable_state
from bootready.knowledge.secrets.certificates import (
    AUTHORITY,
    CERTIFICATE,
    KEY,
    certificate_uses,
)
from bootready.model.fact import CertificateFact
from bootready.model.request import Request
from bootready.pipeline import check, load, observe
from bootready.system import is_superuser
from bootready.typed import NamedTuple

_CHECKS = ("certificate-missing", "certificate-mismatch")


class CertificateState(NamedTuple):
    """What lies in one directory of certificates."""

    directory: str
    services: tuple[str, ...]
    leaf: CertificateFact | None
    authority: CertificateFact | None
    key: str
    """The mode and owner of the key's file, or ''."""
    wanted: tuple[str, ...]
    problems: tuple[str, ...]
    caroot: str
    """Where the authority's own key is, so that it can be renewed; '' for nowhere."""
    now: float


def certificates_of(
    request: Request, environ: Mapping[str, str]
) -> tuple[str, tuple[CertificateState, ...]]:
    """Return the project directory and the state of every certificate directory in it."""
    project = load(request, environ)
    evidence = observe(project, environ, engine=False)
    host = LocalHost()
    findings = check(evidence, only=_CHECKS).findings
    found = []
    for use in certificate_uses(project):
        authority = f"{use.directory}/{AUTHORITY}"
        key = host.file(f"{use.directory}/{KEY}")
        spans = {use.location.span}
        found.append(
            CertificateState(
                directory=use.directory,
                services=use.services,
                leaf=host.certificate(f"{use.directory}/{CERTIFICATE}"),
                authority=host.certificate(authority),
                key=f"{key.mode:04o} {key.uid}:{key.gid}" if key else "",
                wanted=use.names,
                problems=tuple(
                    one.message for one in findings if one.primary and one.primary.span in spans
                ),
                caroot=_caroot(host, authority, project.directory, environ),
                now=host.now(),
            )
        )
    return project.directory, tuple(found)


class Trustworthy(NamedTuple):
    """An authority that this machine may be made to trust, and what a person should know of it."""

    path: str
    source: str
    """Whose it is: ``bootready`` or ``mkcert``."""
    subject: str
    fingerprint: str
    """SHA-256 of the certificate, hexadecimal."""
    constraints: tuple[str, ...]
    """The names and networks that it may sign for."""


def trustworthy(
    request: Request, environ: Mapping[str, str]
) -> tuple[str, tuple[Trustworthy, ...]]:
    """Return the project directory and the authorities that `trust` would install.

    Raises RefusedError for one that neither bootready nor mkcert made for this person, or that
    may sign for every name: who has its key could be any site.
    """
    directory, states = certificates_of(request, environ)
    files = [f"{one.directory}/{AUTHORITY}" for one in states if one.authority]
    if not files:
        raise BootreadyError("there is no rootCA.pem to trust", "bootready prepare")
    return directory, tuple(_trustworthy(file, directory, environ) for file in files)


def _trustworthy(file: str, directory: str, environ: Mapping[str, str]) -> Trustworthy:
    host = LocalHost()
    content = host.read_bytes(file) or b""
    source = _maker(host, content, directory, environ)
    if not source:
        raise RefusedError(
            f"'{file}' was not created for you by bootready or mkcert, so it is not trusted",
            "the owner of its key could read this machine's traffic; if you know the owner,"
            " install it with the tools of your system",
        )
    told = described(content)
    if not told.constraints:
        raise RefusedError(
            f"'{file}' may sign for every name, so it is not trusted",
            "mkcert -install" if source == "mkcert" else "bootready prepare",
        )
    return Trustworthy(file, source, *told)


def _maker(host: LocalHost, content: bytes, directory: str, environ: Mapping[str, str]) -> str:
    """Return who made the authority for this person, with its key at hand, or ''."""
    homes = [("bootready", readable_state(directory, environ))]
    caller = environ.get("SUDO_UID", "")
    if is_superuser() and caller.isdigit():
        # sudo says who calls; what lies in that person's own closed directory is theirs.
        homes.append(("bootready", readable_state(directory, environ, int(caller))))
    homes += [("mkcert", path) for path in mkcert_directories(environ)]
    for source, path in homes:
        if path and host.read_bytes(f"{path}/{AUTHORITY}") == content:
            key = host.file(f"{path}/{AUTHORITY_KEY}")
            if key is not None and key.kind == "file":
                return source
    return ""


def trust(directory: str, authorities: Sequence[Trustworthy]) -> tuple[str, ...]:
    """Make this machine trust these authorities; return where they now are."""
    store = find_store()
    return tuple(
        install_trust(directory, one.path, one.fingerprint, store, _run) for one in authorities
    )


def distrust(request: Request, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Take back what `trust` did for the project; return what was taken out."""
    directory, _ = certificates_of(request, environ)
    paths = trusted_paths(directory)
    store = find_store() if paths else None
    return tuple(path for path in paths if store and remove_trust(path, store, _run))


def remove_from_store(path: str) -> bool:
    """Take one authority of ours out of the machine's store; for `undo`."""
    try:
        return remove_trust(path, find_store(), _run)
    except (BootreadyError, OSError):
        return False


def _run(argv: Sequence[str]) -> int:
    return run(argv, timeout=120).exit_code


def _caroot(host: LocalHost, authority: str, directory: str, environ: Mapping[str, str]) -> str:
    """Return the directory that holds this authority and its key: mkcert's or ours."""
    content = host.read_bytes(authority)
    for path in (*mkcert_directories(environ), readable_state(directory, environ)):
        same = path and content is not None and host.read_bytes(f"{path}/{AUTHORITY}") == content
        if same and host.file(f"{path}/{AUTHORITY_KEY}"):
            return path
    return ""
