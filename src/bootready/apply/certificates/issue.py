"""Certificate files: an IssueCertificate action -> rootCA.pem, cert.pem and key.pem, if needed.

Renewed only when missing, expiring or no longer matching, and never where the certificate was
signed by an authority whose key is not here: that one belongs to a person.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from bootready.apply.certificates.authority import (
    Authority,
    PrivateKey,
    fits,
    issue,
    issued_by,
    load_authority,
    load_key,
    may_sign,
    mkcert_directories,
    new_authority,
    new_key,
    private_pem,
)
from bootready.apply.files.create import create_file, read_file, replace_file
from bootready.apply.files.ground import RefusedError
from bootready.apply.files.journal import Journal
from bootready.apply.secrets.create import create_secret
from bootready.host.local import LocalHost
from bootready.host.state import AUTHORITY, AUTHORITY_KEY
from bootready.model.action import GenerateSecret, IssueCertificate


def issue_certificate(
    journal: Journal, action: IssueCertificate, environ: Mapping[str, str]
) -> bool:
    """Make the three files of `action` valid for its names; return whether anything changed.

    The key is kept where there is one, so that a run killed in between leaves no pair that does
    not match for longer than until the next run.
    """
    paths = [
        os.path.normpath(os.path.join(action.directory, name))
        for name in (action.certificate, action.key, action.authority)
    ]
    certificate, key, root = (_content(journal, path) for path in paths)
    everything = tuple(dict.fromkeys((*action.names, *action.siblings)))
    if certificate and key and root and fits(certificate, key, root, action.names, action.usages):
        # One that we laid there is replaced with its authority, so that all of them have the same.
        kept = not _is_ours(journal, root)
        if kept or root == _authority(journal, everything, root, environ).pem:
            return False
    authority = _authority(journal, everything, root, environ)
    if certificate is not None and not issued_by(certificate, authority.pem):
        _refuse_foreign(journal, paths[0], certificate)
    private = load_key(key) if key is not None else new_key()
    if private is None:
        raise RefusedError(
            f"'{paths[1]}' is not a readable private key",
            "move it away and run the command again",
        )
    # Issued before anything is written: a name that cannot be one of a certificate leaves no half.
    made = _issued(authority, private, action)
    if key is None:
        secret = GenerateSecret(
            paths[1],
            "key",
            readers=action.readers,
            uid=action.uid,
            gid=action.gid,
            mounted=action.mounted,
            exclusive=True,
        )
        create_secret(journal, secret, private_pem(private))
    _put(journal, paths[2], root, authority.pem)
    _put(journal, paths[0], certificate, made)
    return True


def _issued(authority: Authority, private: PrivateKey, action: IssueCertificate) -> bytes:
    try:
        return issue(authority, private, action.names, action.usages, action.subject)
    except ValueError as error:
        raise RefusedError(
            f"no certificate can be issued for '{action.subject or action.names[0]}'",
            "correct the name where the service is told it, and run the command again",
        ) from error


def _authority(
    journal: Journal, names: tuple[str, ...], root: bytes | None, environ: Mapping[str, str]
) -> Authority:
    """Return mkcert's authority, else ours, else a new one of ours."""
    for found in (*map(_load, mkcert_directories(environ)), _own(journal)):
        if found is None or not may_sign(found, names):
            continue
        if root is None or root == found.pem or _is_ours(journal, root):
            return found
    if root is not None and not _is_ours(journal, root):
        raise RefusedError(
            "the certificate authority in 'rootCA.pem' has no private key on this machine",
            "set CAROOT to the directory of its rootCA-key.pem, or move rootCA.pem away",
        )
    return _new(journal, names)


def _own(journal: Journal) -> Authority | None:
    certificate, key = journal.read(AUTHORITY), journal.read(AUTHORITY_KEY)
    return load_authority(certificate, key) if certificate and key else None


def _new(journal: Journal, names: tuple[str, ...]) -> Authority:
    authority = new_authority(names)
    # The key first: a certificate without its key could never be completed.
    journal.write(AUTHORITY_KEY, authority.key_pem)
    journal.write(AUTHORITY, authority.pem)
    return authority


def _load(directory: str) -> Authority | None:
    """Return the authority that mkcert keeps in `directory`, which is the person's, or None."""
    host = LocalHost()
    certificate = host.read_bytes(os.path.join(directory, AUTHORITY))
    key = host.read_bytes(os.path.join(directory, AUTHORITY_KEY))
    return load_authority(certificate, key) if certificate and key else None


def _is_ours(journal: Journal, root: bytes) -> bool:
    digest = journal.digest(root)
    return any(entry.digest == digest for entry in journal.entries())


def _refuse_foreign(journal: Journal, path: str, certificate: bytes) -> None:
    digest = journal.digest(certificate)
    if any(entry.digest == digest for entry in journal.entries()):
        return
    raise RefusedError(
        f"'{path}' was signed by an authority whose key is not on this machine; it is left"
        " unchanged",
        "renew it at its issuer, or move it away and run the command again",
    )


def _put(journal: Journal, path: str, before: bytes | None, after: bytes) -> None:
    if before is None:
        create_file(journal, path, after, 0o644)
    elif before != after:
        replace_file(journal, path, before, after)


def _content(journal: Journal, path: str) -> bytes | None:
    try:
        return read_file(journal.ground, path)
    except FileNotFoundError:
        return None
