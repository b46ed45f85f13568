"""The kind of a secret -> a random value of that kind, and what is derived from other secrets.

A value consists of letters and digits only (keys in base64 and hashes excepted), begins with a
letter where it may, and has no newline at its end unless its consumer needs one: nothing that
YAML, dotenv, a shell or a URL bends.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import string
import time
import uuid
from collections.abc import Mapping, Sequence

from bootready.apply.secrets.bcrypt import hashed
from bootready.knowledge.secrets.kinds import PLACEHOLDER, looks_like_url
from bootready.model.action import SecretKind
from bootready.typed import NamedTuple, assert_never

_LETTERS = string.ascii_letters
_PLAIN = string.ascii_letters + string.digits
_TOKEN_LIFE = 10 * 365 * 86400
"""Seconds. A token that lasts as long as the local authority: nobody renews it by hand."""


class Value(NamedTuple):
    """What a secret file holds; `clear` is the clear text where that is only a hash."""

    content: bytes
    clear: bytes = b""


def random_value(
    kind: SecretKind, length: int, name: str, user: str = "", clear: bytes = b""
) -> Value:
    """Return a new value; `length` are bytes of randomness (a cookie's: its characters).

    A hash is that of `clear`, where there is one already.
    """
    match kind:
        case SecretKind.PASSWORD | SecretKind.TOKEN | SecretKind.JWT:
            return Value(_password(length))
        case SecretKind.HEX:
            return Value(secrets.token_hex(length).encode())
        case SecretKind.BASE64:
            return Value(_plain_base64(length))
        case SecretKind.URL_SAFE:
            return Value(_plain_base64(length).rstrip(b"="))
        case SecretKind.UUID:
            return Value(str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)).encode())
        case SecretKind.FERNET:
            return Value(_plain_base64(32))
        case (
            SecretKind.VAPID
            | SecretKind.VAPID_PUBLIC
            | SecretKind.RSA
            | SecretKind.RSA_PKCS1
            | SecretKind.EC
            | SecretKind.EC_SEC1
            | SecretKind.ED25519
            | SecretKind.SSH
            | SecretKind.PUBLIC_KEY
        ):
            # cryptography takes 60 ms to import, and most plans have no key pair
            from bootready.apply.secrets.keys import private_key, public_key

            made = clear or private_key(kind, name)
            half = kind in {SecretKind.VAPID_PUBLIC, SecretKind.PUBLIC_KEY}
            return Value(public_key(made) if half else made)
        case SecretKind.COOKIE | SecretKind.CHARACTERS:
            return Value(_characters(length).encode())
        case SecretKind.USERNAME:
            return Value(f"u{secrets.token_hex(5)}".encode())
        case SecretKind.BCRYPT | SecretKind.HTPASSWD | SecretKind.SHA256:
            return _hash(kind, clear or _password(length), user or "admin")
        case SecretKind.PLACEHOLDER:
            return Value(_placeholder(name).encode())
        case _:
            assert_never(kind)


def _hash(kind: SecretKind, clear: bytes, user: str) -> Value:
    if kind is SecretKind.SHA256:
        return Value(hashlib.sha256(clear).hexdigest().encode(), clear)
    before = f"{user}:" if kind is SecretKind.HTPASSWD else ""
    return Value(f"{before}{hashed(clear)}".encode(), clear)


def signed_token(key: bytes, claims: Mapping[str, str]) -> bytes:
    """Return a JSON web token with `claims`, signed with `key` (RFC 7519, HS256)."""
    now = int(time.time())
    body = {**claims, "iat": now, "exp": now + _TOKEN_LIFE}
    parts = [_part({"alg": "HS256", "typ": "JWT"}), _part(body)]
    signature = hmac.new(key, b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, _url_safe(signature)])


def resigned(key: bytes, claims: Sequence[tuple[str, str]]) -> bytes:
    """Return a JSON web token with just these `claims`, whose values are JSON, signed with `key`.

    The times of an example are kept: a token that has ended there is renewed with its life time.
    """
    body = {name: json.loads(value) for name, value in claims}
    now = int(time.time())
    if isinstance(body.get("exp"), int) and body["exp"] < now + _TOKEN_LIFE // 2:
        body |= {"iat": now, "exp": now + _TOKEN_LIFE}
    parts = [_part({"alg": "HS256", "typ": "JWT"}), _part(body)]
    signature = hmac.new(key, b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, _url_safe(signature)])


def _part(value: Mapping[str, object]) -> bytes:
    return _url_safe(json.dumps(value, separators=(",", ":")).encode())


def _url_safe(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


def _plain_base64(length: int) -> bytes:
    """Return random bytes in base64 that a URL, a shell and a command line take as they are.

    Every three bytes are drawn again until their four characters have neither ``+`` nor ``/``,
    which costs 0.2 of their 24 bits. Also what a decoder of url-safe base64 takes.
    """
    parts = []
    for start in range(0, length, 3):
        size = min(3, length - start)
        part = base64.b64encode(secrets.token_bytes(size))
        while b"+" in part or b"/" in part:
            part = base64.b64encode(secrets.token_bytes(size))
        parts.append(part)
    return b"".join(parts)


def _password(length: int) -> bytes:
    """Return letters and digits that hold `length` random bytes: 62 symbols are 5.954 bits each."""
    return _characters(max(8, -(-length * 8 * 1000 // 5954))).encode()


def _characters(count: int) -> str:
    return secrets.choice(_LETTERS) + "".join(secrets.choice(_PLAIN) for _ in range(count - 1))


def _placeholder(name: str) -> str:
    if looks_like_url(name):
        return f"https://{PLACEHOLDER}.invalid/{name.replace('_', '-')}"
    return f"{PLACEHOLDER}-{name.replace('_', '-')}"
