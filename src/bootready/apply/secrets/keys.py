"""Key pairs: the kind of a private key -> a new one, and a private key -> its public half."""

from __future__ import annotations

import base64

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from bootready.errors import BootreadyError
from bootready.model.action import SecretKind

_VAPID_SIZE = 32
"""Bytes of a private key on P-256."""


def private_key(kind: SecretKind, name: str) -> bytes:
    """Return a new private key for `kind`, of it or of the pair it is a half of.

    `name` decides between ed25519 and RSA where OpenSSH takes both.
    """
    if kind in {SecretKind.VAPID, SecretKind.VAPID_PUBLIC}:
        made = b"-"
        while not made[:1].isalnum():  # a command line takes `-...` for an option
            number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
            made = base64.urlsafe_b64encode(number.to_bytes(_VAPID_SIZE, "big")).rstrip(b"=")
        return made
    if kind is SecretKind.SSH and "rsa" not in name.lower():
        return ed25519.Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()
        )
    form = _FORMS.get(kind, PrivateFormat.PKCS8)
    return _key(kind).private_bytes(Encoding.PEM, form, NoEncryption())


_FORMS = {
    SecretKind.SSH: PrivateFormat.OpenSSH,
    SecretKind.RSA_PKCS1: PrivateFormat.TraditionalOpenSSL,
    SecretKind.EC_SEC1: PrivateFormat.TraditionalOpenSSL,
}


def _key(
    kind: SecretKind,
) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey:
    if kind is SecretKind.ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    if kind in {SecretKind.EC, SecretKind.EC_SEC1}:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 3072 if kind is SecretKind.SSH else 2048)


def public_key(private: bytes) -> bytes:
    """Return the public half of `private`, in the notation that goes with it.

    Raises BootreadyError where it is no private key that can be read.
    """
    try:
        if not private.startswith(b"-----"):
            return _of_vapid(private)
        if b"OPENSSH" in private.partition(b"\n")[0]:
            half = serialization.load_ssh_private_key(private, None).public_key()
            return half.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + b"\n"
        key = serialization.load_pem_private_key(private, None).public_key()
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BootreadyError(
            f"cannot derive a public key from this private key: {error}"
        ) from error


def _of_vapid(private: bytes) -> bytes:
    raw = base64.urlsafe_b64decode(private + b"=" * (-len(private) % 4))
    if len(raw) != _VAPID_SIZE:
        raise ValueError(f"it has {len(raw)} bytes, must have {_VAPID_SIZE}")
    key = ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=")
