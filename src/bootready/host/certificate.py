"""PEM text -> what a certificate says, the fingerprint of a key, who signed whom."""

from __future__ import annotations

from functools import lru_cache

from bootready.model.fact import CertificateFact


@lru_cache(maxsize=128)
def read_certificate(pem: bytes) -> CertificateFact | None:
    """Return what the first certificate in `pem` says, or None where there is none.

    Kept: several checks ask about each certificate.
    """
    from cryptography import x509

    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        return None
    return CertificateFact(
        names=_names(certificate),
        not_before=certificate.not_valid_before_utc.timestamp(),
        not_after=certificate.not_valid_after_utc.timestamp(),
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        fingerprint=_fingerprint(certificate.public_key()),
        authority=_is_authority(certificate),
        usages=_usages(certificate),
        permitted=_permitted(certificate),
    )


def key_fingerprint(pem: bytes) -> str | None:
    """Return the fingerprint of the public half of the private key in `pem`, or None."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        load_pem_private_key,
    )

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return _fingerprint(key.public_key())


def signed_by(pem: bytes, authority: bytes) -> bool:
    """Tell whether the certificate in `pem` was signed by the one in `authority`."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    try:
        certificate = x509.load_pem_x509_certificate(pem)
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _names(certificate: object) -> tuple[str, ...]:
    from cryptography import x509

    if not isinstance(certificate, x509.Certificate):
        return ()
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    names = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    return (*names, *(str(address) for address in addresses))


def _is_authority(certificate: object) -> bool:
    from cryptography import x509

    if not isinstance(certificate, x509.Certificate):
        return False
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _usages(certificate: object) -> tuple[str, ...]:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID as Usage

    known = {Usage.SERVER_AUTH: "server", Usage.CLIENT_AUTH: "client"}
    if not isinstance(certificate, x509.Certificate):
        return ()
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return tuple(known.values())
    if Usage.ANY_EXTENDED_KEY_USAGE in found:
        return tuple(known.values())
    return tuple(word for usage, word in known.items() if usage in found)


def _permitted(certificate: object) -> tuple[str, ...]:
    from cryptography import x509

    if not isinstance(certificate, x509.Certificate):
        return ()
    try:
        found = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(str(name.value) for name in found.permitted_subtrees or ())


def _fingerprint(key: object) -> str:
    import hashlib

    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
    )

    encoded = key.public_bytes(  # type: ignore[attr-defined] # a union of all key types
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(encoded).hexdigest()
