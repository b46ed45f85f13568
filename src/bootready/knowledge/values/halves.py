"""Two names -> whether the value of one is made of the other's: a public key of its private key, a
hash of its password or token, a token that is signed with a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bootready.knowledge.values.meaning import hash_stem, spelled
from bootready.model.action import SecretKind
from bootready.regex import regex

Claims = tuple[tuple[str, str], ...]

_PRIVATE = regex(r"(?P<stem>|.*_)(?:private|priv)_?key(?:_pem)?$|(?P<pem>.*_)private_pem$")
_PUBLIC = regex(r"(?P<stem>|.*_)(?:public|pub)_?key(?:_pem)?$|(?P<pem>.*_)public_pem$")
_SIGNERS = regex(
    r"(?:|(?:(?:jwt|auth|access|refresh|tokens?|passport|sign|signing|signature|rsa|oidc|id|session"
    r"|app|server|service|internal|gotrue|login|user|api)(?:_|$))+)"
)
"""Words before `private_key` of a pair that the program itself signs with: others are issued, or
of another kind (`STRIPE_PUBLIC_KEY`, `WG_PRIVATE_KEY`).
"""
_SIGNS = regex(
    r"(?:^|_)(?:jwt|oidc|passport|sign|signing|signature|(?:access|refresh)_token)(?:_|$)"
)
"""Words before `private_key` of a key whose public half the program makes itself."""
_OTHER_KEY = regex(
    r"\bES(?:384|512|256K)\b|\bsecp(?!256r1)\d|\bwg\b|base64|\bP-?(?:384|521)\b|\bed448\b|\bX25519\b"
    r"|\bencrypted\b",
    re.IGNORECASE,
)
"""Words of keys that are made by a person: of other curves, in other notations, with a password."""
_KEYS = (
    (regex(r"ed25519|EdDSA", re.IGNORECASE), SecretKind.ED25519),
    (regex(r"BEGIN EC PRIVATE", re.IGNORECASE), SecretKind.EC_SEC1),
    (
        regex(
            r"\bES256\b|\becparam\b|prime256|secp256r1|\bP-?256\b|\bECDSA\b|algorithm EC\b",
            re.IGNORECASE,
        ),
        SecretKind.EC,
    ),
    (regex(r"BEGIN RSA PRIVATE", re.IGNORECASE), SecretKind.RSA_PKCS1),
)
_KEY_OF_ROLES = regex(r"(?:^|_)jwt_secret$")
_ROLES = (
    (regex(r"(?:^|_)anon_key$"), "anon"),
    (regex(r"(?:^|_)service_(?:role_)?key$"), "service_role"),
)
"""Supabase's tokens, which are signed with JWT_SECRET.
https://supabase.com/docs/guides/self-hosting/docker#generate-api-keys
"""


def private_stem(name: str) -> str | None:
    """Return what `name`, a private key that the program signs with, has in common with its public
    key; None for other names.
    """
    return _stem(_PRIVATE, name)


def public_stem(name: str) -> str | None:
    """Return what `name`, a public key, has in common with its private key; None for others."""
    return _stem(_PUBLIC, name)


def complete_pairs(names: Iterable[Iterable[str]]) -> frozenset[str]:
    """Return the stems of the key pairs of which both halves are among `names`."""
    everything = [name for some in names for name in some]
    private = {stem for name in everything if (stem := private_stem(name)) is not None}
    return frozenset(
        stem for name in everything if (stem := public_stem(name)) is not None and stem in private
    )


def in_pairs(names: Iterable[str], pairs: frozenset[str]) -> bool:
    """Tell whether one of `names` is a half of one of `pairs`."""
    return bool(pairs) and any(
        private_stem(name) in pairs or public_stem(name) in pairs for name in names
    )


def signs_alone(name: str) -> bool:
    """Tell whether `name` is a private key to sign with, clearly enough without its public half."""
    return _SIGNS.search(private_stem(name) or "") is not None


def made_of(name: str, other: str) -> bool:
    """Tell whether the value of `name` is made of the value of `other`."""
    stem = public_stem(name)
    if stem is not None:
        return private_stem(other) == stem
    hashed = hash_stem(name)
    if hashed:
        return spelled(other) == hashed
    return bool(role_claims(name)) and _KEY_OF_ROLES.search(spelled(other)) is not None


def role_claims(name: str) -> Claims:
    """Return what a token called `name` says, names and values as JSON; () for no such token."""
    words = spelled(name)
    role = next((role for pattern, role in _ROLES if pattern.search(words)), "")
    # The end of a token of old is renewed: see apply.secrets.values.resigned.
    return (("role", f'"{role}"'), ("iss", '"supabase"'), ("exp", "0")) if role else ()


def key_kind(text: str) -> SecretKind:
    """Return what a private key is like of which `text` speaks, its comments and placeholders: an
    RSA key without other words, PLACEHOLDER for one that only a person makes.
    """
    if _OTHER_KEY.search(text):
        return SecretKind.PLACEHOLDER
    return next((kind for words, kind in _KEYS if words.search(text)), SecretKind.RSA)


def _stem(pattern: re.Pattern[str], name: str) -> str | None:
    found = pattern.fullmatch(spelled(name))
    if found is None:
        return None
    stem = (found["stem"] or found["pem"] or "").strip("_")
    return stem if _SIGNERS.fullmatch(stem) else None
