"""Local certificates in mkcert's layout: names -> rootCA.pem, cert.pem and key.pem, made once.

The authority is mkcert's own where there is one ($CAROOT or its usual directories), else ours in
the state directory, limited by name constraints to the names of the project. See docs/adr/0010.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import sys
from collections.abc import Mapping
from contextlib import suppress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bootready.typed import NamedTuple

RENEW_BEFORE = dt.timedelta(days=30)
_LEAF_LIFE = dt.timedelta(days=820)
"""Apple refuses leaves that live longer than 825 days (support.apple.com/HT211025)."""
_AUTHORITY_LIFE = dt.timedelta(days=3650)
_USAGES = {"server": ExtendedKeyUsageOID.SERVER_AUTH, "client": ExtendedKeyUsageOID.CLIENT_AUTH}
_LOOPBACK = ("127.0.0.0/8", "::1/128")


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Authority(NamedTuple):
    """A certificate authority and its private key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate, PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key, PEM, not encrypted."""
        return private_pem(self.key)


def mkcert_directories(environ: Mapping[str, str]) -> list[str]:
    """Return where mkcert keeps its authority (mkcert's getCAROOT)."""
    home = environ.get("HOME") or os.path.expanduser("~")
    if environ.get("CAROOT"):
        return [environ["CAROOT"]]
    if sys.platform == "darwin":
        return [os.path.join(home, "Library", "Application Support", "mkcert")]
    data = environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    return [os.path.join(data, "mkcert")]


def load_authority(certificate: bytes, key: bytes) -> Authority | None:
    """Return the authority of two PEM files, or None where they are not one."""
    try:
        found = x509.load_pem_x509_certificate(certificate)
    except ValueError:
        return None
    private = load_key(key)
    if private is None or not _same_key(found, private):
        return None
    if not _lasts(found):
        return None
    return Authority(found, private)


def new_authority(names: tuple[str, ...]) -> Authority:
    """Return a new authority that may sign for `names`, localhost and loopback addresses only."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name("bootready local CA")
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in sorted(_domains(names))]
    permitted += [x509.IPAddress(ipaddress.ip_network(network)) for network in _LOOPBACK]
    permitted += [
        x509.IPAddress(ipaddress.ip_network(name)) for name in names if _address(name) is not None
    ]
    certificate = (
        _started(subject, subject, _AUTHORITY_LIFE)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def issue(
    authority: Authority,
    key: PrivateKey,
    names: tuple[str, ...],
    usages: tuple[str, ...] = ("server",),
    distinguished: str = "",
) -> bytes:
    """Return a certificate for `names`, PEM, signed by `authority`, for `usages`.

    `distinguished` is its subject as RFC 4514 writes it; without it that is made of the first name.
    """
    subject = _name(_normal(names[0])[:64])
    if distinguished:
        subject = x509.Name.from_rfc4514_string(distinguished)
    issuer = x509.SubjectKeyIdentifier.from_public_key(authority.key.public_key())
    certificate = (
        _started(subject, authority.certificate.subject, _LEAF_LIFE)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_USAGES[one] for one in usages]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer),
            critical=False,
        )
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def load_key(pem: bytes) -> PrivateKey | None:
    """Return the private key of a PEM text, or None where it is none that we can use."""
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        return None
    return key if isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) else None


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a new private key."""
    return ec.generate_private_key(ec.SECP256R1())


def private_pem(key: PrivateKey) -> bytes:
    """Return a private key as PEM (PKCS #8)."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def fits(
    certificate: bytes,
    key: bytes,
    authority: bytes,
    names: tuple[str, ...],
    usages: tuple[str, ...] = ("server",),
) -> bool:
    """Tell whether a leaf is valid for 30 more days, of that key and authority, has `names` and is
    for `usages`.
    """
    try:
        leaf = x509.load_pem_x509_certificate(certificate)
    except ValueError:
        return False
    private = load_key(key)
    if private is None:
        return False
    lasts = _lasts(leaf)
    covered = _names_of(leaf).issuperset(_normal(name) for name in names)
    usable = all(_USAGES[one] in _usages_of(leaf) for one in usages)
    ours = _same_key(leaf, private) and issued_by(certificate, authority)
    return lasts and covered and usable and ours


def issued_by(certificate: bytes, authority: bytes) -> bool:
    """Tell whether `authority` signed `certificate` (both PEM)."""
    try:
        leaf = x509.load_pem_x509_certificate(certificate)
        issuer = x509.load_pem_x509_certificate(authority)
        leaf.verify_directly_issued_by(issuer)
    except Exception:  # noqa: BLE001 - every way of not being a signature means no
        return False
    return True


class Described(NamedTuple):
    """What a person should know of an authority before trusting it."""

    subject: str
    fingerprint: str
    constraints: tuple[str, ...]


def described(pem: bytes) -> Described:
    """Return subject, SHA-256 and permitted names of a PEM certificate, or raise ValueError."""
    found = x509.load_pem_x509_certificate(pem)
    permitted: list[x509.GeneralName] = []
    with suppress(x509.ExtensionNotFound):
        limits = found.extensions.get_extension_for_class(x509.NameConstraints).value
        permitted = list(limits.permitted_subtrees or ())
    # A kind of name without a limit is open: an authority for addresses alone signs for any name.
    kinds = {type(name) for name in permitted}
    whole = x509.DNSName in kinds and x509.IPAddress in kinds
    return Described(
        found.subject.rfc4514_string(),
        found.fingerprint(hashes.SHA256()).hex(),
        tuple(str(name.value) for name in permitted) if whole else (),
    )


def may_sign(authority: Authority, names: tuple[str, ...]) -> bool:
    """Tell whether the name constraints of `authority` allow `names`."""
    try:
        found = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    except x509.ExtensionNotFound:
        return True
    permitted = found.value.permitted_subtrees or []
    domains = [name.value for name in permitted if isinstance(name, x509.DNSName)]
    networks = [name.value for name in permitted if isinstance(name, x509.IPAddress)]
    for name in names:
        address = _address(name)
        if address is not None:
            if not any(_contains(network, address) for network in networks):
                return False
            continue
        plain = _normal(name).removeprefix("*.")
        if not any(plain == domain or plain.endswith(f".{domain}") for domain in domains):
            return False
    return True


def _started(subject: x509.Name, issuer: x509.Name, life: dt.timedelta) -> x509.CertificateBuilder:
    # An hour back, for clocks that are a little behind ours.
    start = _now() - dt.timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + life)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=not authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "bootready development"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _alternatives(names: tuple[str, ...]) -> list[x509.GeneralName]:
    alternatives: list[x509.GeneralName] = []
    for name in dict.fromkeys(map(_normal, names)):
        address = _address(name)
        alternatives.append(x509.DNSName(name) if address is None else x509.IPAddress(address))
    return alternatives


def _domains(names: tuple[str, ...]) -> set[str]:
    plain = {_normal(name).removeprefix("*.") for name in names if _address(name) is None}
    return plain | {"localhost"}


def _names_of(certificate: x509.Certificate) -> set[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return set()
    dns = {_normal(name) for name in found.value.get_values_for_type(x509.DNSName)}
    return dns | {str(one) for one in found.value.get_values_for_type(x509.IPAddress)}


def _usages_of(certificate: x509.Certificate) -> set[x509.ObjectIdentifier]:
    """Return what a leaf may be used for; without the extension, for everything."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return set(_USAGES.values())
    anything = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in found.value
    return set(_USAGES.values()) if anything else set(found.value)


def _same_key(certificate: x509.Certificate, private: PrivateKey) -> bool:
    return certificate.public_key() == private.public_key()


def _contains(network: object, address: _Address) -> bool:
    if not isinstance(network, ipaddress.IPv4Network | ipaddress.IPv6Network):
        return False
    return address.version == network.version and address in network


def _address(name: str) -> _Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _normal(name: str) -> str:
    address = _address(name)
    if address is not None:
        return str(address)
    name = name.strip().lower().rstrip(".")
    return name if name.isascii() else name.encode("idna").decode()


def _lasts(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate is valid now, made with a clock ahead or not, and for 30 days."""
    now = _now()
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return starts <= now and ends > now + RENEW_BEFORE


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
