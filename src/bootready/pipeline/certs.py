"""Takes a request; says what certificates the project has, and makes the machine trust their CA."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bootready.apply.certificates import mkcert_directories
from bootready.apply.trust import find_store, install_trust, remove_trust, trusted_paths
from bootready.check.certificates import (
    AUTHORITY,
    CERTIFICATE,
    KEY,
    certificate_uses,
    served_names,
)
from bootready.engine.run import run
from bootready.errors import BootreadyError
from bootready.host.local import LocalHost
from bootready.model.fact import CertificateFact
from bootready.model.request import Request
from bootready.pipeline import check, load, observe

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
                wanted=served_names(project),
                problems=tuple(
                    one.message for one in findings if one.primary and one.primary.span in spans
                ),
                caroot=_caroot(host, authority, project.directory, environ),
                now=host.now(),
            )
        )
    return project.directory, tuple(found)


def trust(request: Request, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Make this machine trust the authorities of the project; return where they now are."""
    directory, states = certificates_of(request, environ)
    files = [f"{one.directory}/{AUTHORITY}" for one in states if one.authority]
    if not files:
        raise BootreadyError("there is no rootCA.pem to trust", "bootready prepare")
    store = find_store()
    return tuple(install_trust(directory, file, store, _run) for file in files)


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
    for path in (*mkcert_directories(environ), os.path.join(directory, ".bootready", "ca")):
        same = content is not None and host.read_bytes(f"{path}/{AUTHORITY}") == content
        if same and host.file(f"{path}/rootCA-key.pem"):
            return path
    return ""
