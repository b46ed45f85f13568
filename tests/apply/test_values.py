"""Every kind of secret has the form that its consumers check."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import warnings

import pytest
from cryptography.fernet import Fernet

from bootready.apply.secrets.bcrypt import hashed
from bootready.apply.secrets.values import random_value, signed_token
from bootready.model.action import SecretKind


def value(kind: SecretKind, length: int = 32) -> bytes:
    return random_value(kind, length, "pw").content


def test_keys_have_the_length_that_was_asked_for():
    assert len(bytes.fromhex(value(SecretKind.HEX, 24).decode())) == 24
    assert len(base64.b64decode(value(SecretKind.BASE64, 48))) == 48
    assert [len(value(SecretKind.COOKIE, size)) for size in (16, 24, 32)] == [16, 24, 32]
    Fernet(value(SecretKind.FERNET)).encrypt(b"")


def test_two_values_are_never_the_same():
    assert len({value(kind) for kind in (SecretKind.PASSWORD,) * 50}) == 50


def test_a_token_is_signed_with_the_secret_it_comes_from():
    header, body, signature = signed_token(b"key", {"role": "anon"}).split(b".")
    padded = base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))
    assert json.loads(padded)["role"] == "anon"
    expected = hmac.new(b"key", header + b"." + body, hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(expected).rstrip(b"=") == signature


def test_bcrypt_gives_a_published_hash():
    """The first test vector of crypt_blowfish (Openwall)."""
    found = hashed(b"U*U", bytes.fromhex("104104" * 5 + "10"), 5).removeprefix("$2b$")
    assert found == "05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"


def test_an_htpasswd_entry_is_the_hash_of_its_clear_text():
    made = random_value(SecretKind.HTPASSWD, 32, "users", "bob")
    user, _, entry = made.content.decode().partition(":")
    assert user == "bob"
    assert re.fullmatch(r"\$2b\$05\$[./A-Za-z0-9]{53}", entry)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        crypt = pytest.importorskip("crypt", reason="Python 3.13 has it no more")
    assert crypt.crypt(made.clear.decode(), entry) == entry
