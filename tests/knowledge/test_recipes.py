"""Recipes in comments, and the comments that belong to a line."""

from __future__ import annotations

import pytest

from bootready.knowledge.values.comments import comment_of
from bootready.knowledge.values.generators import generator_in, is_script_of_secrets
from bootready.knowledge.values.recipe import (
    asks_to_change,
    recipe_in,
    says_optional,
    says_refused,
    says_required,
)
from bootready.model.action import SecretKind as Kind


@pytest.mark.parametrize(
    ("text", "kind", "length", "before"),
    [
        ("openssl rand -hex 32", Kind.HEX, 32, ""),
        ("openssl rand -hex 8", Kind.HEX, 16, ""),
        ("openssl rand 24 -hex", Kind.HEX, 24, ""),
        ("generate via `openssl rand -base64 48`", Kind.BASE64, 48, ""),
        ("openssl rand -base64 32 | tr '+/' '-_'", Kind.URL_SAFE, 32, ""),
        ("openssl rand -base64 32 | tr -d '+/='", Kind.PASSWORD, 32, ""),
        ("pwgen -s 64 1", Kind.CHARACTERS, 64, ""),
        ("pwgen -Bsv1 16", Kind.CHARACTERS, 22, ""),
        ("head -c 32 /dev/urandom | base64", Kind.BASE64, 32, ""),
        ("head -c 24 /dev/urandom | xxd -p", Kind.HEX, 24, ""),
        ("tr -dc A-Za-z0-9 </dev/urandom | head -c 64", Kind.CHARACTERS, 64, ""),
        ("python -c 'import secrets; print(secrets.token_urlsafe(50))'", Kind.URL_SAFE, 50, ""),
        ("secrets.token_hex()", Kind.HEX, 32, ""),
        ("node: crypto.randomBytes(64).toString('hex')", Kind.HEX, 64, ""),
        ("crypto.randomBytes(32).toString('base64')", Kind.BASE64, 32, ""),
        ("Fernet.generate_key()", Kind.FERNET, 32, ""),
        ("uuidgen", Kind.UUID, 16, ""),
        ("ChangeMe_UUIDv4", Kind.UUID, 16, ""),
        ("php artisan key:generate --show", Kind.BASE64, 32, "base64:"),
        ("echo -n 'base64:'; openssl rand -base64 32", Kind.BASE64, 32, "base64:"),
        ("mix phx.gen.secret", Kind.CHARACTERS, 64, ""),
        ("bundle exec rails secret", Kind.HEX, 64, ""),
        ("npx web-push generate-vapid-keys", Kind.VAPID, 32, ""),
        ("openssl genrsa -out private.pem 2048", Kind.RSA, 32, ""),
        ("htpasswd -nbB admin secret", Kind.HTPASSWD, 32, ""),
        ("htpasswd -bnBC 10 '' password | tr -d ':'", Kind.BCRYPT, 32, ""),
        ("docker run caddy caddy hash-password", Kind.BCRYPT, 32, ""),
        ("must be 32 characters", Kind.CHARACTERS, 32, ""),
        ("SomeRandomStringOf32CharsExactly", Kind.CHARACTERS, 32, ""),
        ("64 hex characters", Kind.HEX, 32, ""),
        ("32-byte hex string", Kind.HEX, 32, ""),
        ("32 bytes encoded in base64", Kind.BASE64, 32, ""),
        ("dd if=/dev/urandom bs=1K count=1 | md5sum", Kind.HEX, 16, ""),
        ("head -c 512 /dev/urandom | sha256sum", Kind.HEX, 32, ""),
        ("openssl rand 16 | sha512sum", Kind.HEX, 64, ""),
        ("date +%s | sha256sum | base64 | head -c 40", Kind.CHARACTERS, 40, ""),
        ("head -c 64 /dev/urandom | openssl dgst -sha1", Kind.HEX, 20, ""),
        ("openssl rand -base64 32 | shasum -a 256", Kind.HEX, 32, ""),
        ("openssl rand 32 | sha512sum | base64 -w0", Kind.BASE64, 64, ""),
        ("openssl rand 64 | openssl dgst -sha256 -binary | base64", Kind.BASE64, 32, ""),
        ("ChangeMeWithGeneratedBase64Key", Kind.BASE64, 32, ""),
    ],
)
def test_a_recipe_is_read_from_words(text, kind, length, before):
    assert recipe_in(text) == (kind, length, before)


@pytest.mark.parametrize(
    "text",
    ["", "the password", "at least 32 characters", "port 8080", "compare it with sha256sum"],
)
def test_other_words_are_no_recipe(text):
    assert recipe_in(text) is None


@pytest.mark.parametrize(
    "text",
    ["CHANGEME", "# change this in production", "must be changed", "generate a random key",
     "openssl rand -hex 32", "set to a long random string", "[MANDATORY] see the guide"],
)  # fmt: skip
def test_a_comment_asks_for_another_value(text):
    assert asks_to_change(text)


@pytest.mark.parametrize(
    "text", ["the secret of the app", "changes are logged", "random seed data"]
)
def test_an_ordinary_comment_asks_for_nothing(text):
    assert not asks_to_change(text)


def test_words_about_a_value():
    assert says_refused("the server will not start without it")
    assert says_required("Required for sessions")
    assert not says_required("not required")
    assert says_optional("leave empty for no encryption")
    assert generator_in("Running ./gen-passwords.sh will update .env") == "./gen-passwords.sh"
    assert generator_in("run `make secrets` first") == "make secrets"
    assert generator_in("see the documentation") == ""


@pytest.mark.parametrize(
    ("name", "content", "is_one"),
    [
        pytest.param("gen-passwords.sh", None, True, id="its name tells"),
        pytest.param("setup.sh", "openssl rand -hex 32 >> .env", True, id="its content tells"),
        pytest.param("setup.sh", "npm install", False, id="a development machine is set up"),
        pytest.param("setup.sh", None, False, id="it cannot be read"),
        pytest.param("gen-passwords.txt", None, False, id="no script"),
    ],
)
def test_a_script_of_secrets_is_known_by_its_name_or_by_what_it_speaks_of(name, content, is_one):
    assert is_script_of_secrets(name, lambda: content) is is_one


ENV = """\
# The whole file is generated.

# Generate these with openssl rand -hex 16
ONE=secret
TWO=secret  # behind

# only of three
THREE=secret
# FOUR=off
FIVE=secret
"""


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        (4, "Generate these with openssl rand -hex 16"),
        (5, "behind\nGenerate these with openssl rand -hex 16"),
        (8, "only of three"),
        (10, ""),
        (99, ""),
    ],
)
def test_a_comment_belongs_to_its_line_or_its_group(line, comment):
    assert comment_of(ENV.splitlines(), line) == comment
