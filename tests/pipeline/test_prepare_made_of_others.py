"""`prepare` makes values of other values: hashes, pairs of keys, and tokens signed with a key."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from bootready.apply.secrets import bcrypt
from bootready.apply.secrets.keys import public_key
from bootready.apply.secrets.values import signed_token
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.plan.value_groups import signed_claims
from repository_support import SERVICE, commit, environment, example_of, prepare, values


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    return directory


def test_tokens_are_signed_anew_with_their_key(project):
    key = "your-super-secret-jwt-token-with-at-least-32-characters-long"
    token = signed_token(key.encode(), {"role": "anon"}).decode()
    commit(
        project,
        compose__yaml=f"""{SERVICE}    environment:
      JWT_SECRET: ${{JWT_SECRET}}
      ANON_KEY: ${{ANON_KEY}}
""",
        __env__example=f"JWT_SECRET={key}\nANON_KEY={token}\n",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    head, body, _ = found["ANON_KEY"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert claims["role"] == "anon"
    assert found["JWT_SECRET"] != key
    again = signed_token(found["JWT_SECRET"].encode(), {"role": "anon"}).decode()
    assert again.split(".")[0] == head
    assert signed_claims(found["ANON_KEY"], found["JWT_SECRET"]) is not None


def test_a_vapid_pair_belongs_together(project):
    commit(
        project,
        compose__yaml=f"""{SERVICE}    environment:
      VAPID_PRIVATE_KEY: ${{VAPID_PRIVATE_KEY}}
      VAPID_PUBLIC_KEY: ${{VAPID_PUBLIC_KEY}}
""",
        __env__example="# generate with: npx web-push generate-vapid-keys\n"
        "VAPID_PUBLIC_KEY=replace-me\nVAPID_PRIVATE_KEY=replace-me\n",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    assert public_key(found["VAPID_PRIVATE_KEY"].encode()).decode() == found["VAPID_PUBLIC_KEY"]


def test_a_hash_is_made_of_its_password(project, capsys):
    """Where the project has none, the password is beside it: somebody has to know it."""
    names = "ADMIN_PASSWORD ADMIN_PASSWORD_HASH DASHBOARD_AUTH PROXY_PASSWORD_HASH TOKEN_SHA256"
    commit(
        project,
        compose__yaml=example_of(f"{names} API_TOKEN API_TOKEN_SHA256 JOB_TOKEN_HASH"),
        __env__example="""\
ADMIN_PASSWORD=change-me
ADMIN_PASSWORD_HASH=change-me # caddy hash-password
DASHBOARD_AUTH=replace-me # htpasswd -nb user password
PROXY_PASSWORD_HASH=admin:replace-me
API_TOKEN=replace-me
API_TOKEN_SHA256=replace-me
JOB_TOKEN_HASH=replace-me
TOKEN_SHA256=
""",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    assert bcrypt_fits(found["ADMIN_PASSWORD"], found["ADMIN_PASSWORD_HASH"])
    user, _, made = found["DASHBOARD_AUTH"].partition(":")
    assert user == "admin"
    assert bcrypt_fits(found["DASHBOARD_AUTH_PASSWORD"], made)
    assert bcrypt_fits(found["PROXY_PASSWORD"], found["PROXY_PASSWORD_HASH"][len("admin:") :])
    hexed = hashlib.sha256(found["API_TOKEN"].encode()).hexdigest()
    assert found["API_TOKEN_SHA256"] == hexed
    assert found["JOB_TOKEN_HASH"] == "replace-me"  # nobody says which hash
    told = capsys.readouterr().err
    assert "'ADMIN_PASSWORD_HASH', bcrypt of 'ADMIN_PASSWORD'" in told
    assert not [one for one in found.values() if len(one) > 20 and one in told]
    # Compose gives containers the very hash: nothing of it is interpolated.
    assert environment(project, "app")["ADMIN_PASSWORD_HASH"] == found["ADMIN_PASSWORD_HASH"]
    first = (project / ".env").read_bytes()
    assert prepare(project) == 0
    assert (project / ".env").read_bytes() == first


def bcrypt_fits(clear: str, made: str) -> bool:
    """Whether `made` is the hash of `clear`, by our own implementation, which has its own tests."""
    alphabet = bcrypt._ALPHABET
    digits = [alphabet.index(char) for char in made.split("$")[3][:22]]
    number = int.from_bytes(bytes(0), "big")
    for digit in digits:
        number = number << 6 | digit
    salt = (number >> 4).to_bytes(16, "big")
    return bcrypt.hashed(clear.encode(), salt) == made


def test_the_password_of_a_label_is_hashed(project):
    label = "traefik.http.middlewares.a.basicauth.users=${TRAEFIK_AUTH:?run htpasswd}"
    commit(project, compose__yaml=f"{SERVICE}    labels: ['{label}']\n", __env="TRAEFIK_AUTH=\n")
    subprocess.run(["git", "rm", "-q", "--cached", ".env"], cwd=project, check=True)
    prepare(project)
    (project / ".env").write_text("TRAEFIK_AUTH=admin:replace-me\n")
    assert prepare(project) == 0
    found = values(project / ".env")
    assert bcrypt_fits(found["TRAEFIK_AUTH_PASSWORD"], found["TRAEFIK_AUTH"][len("admin:") :])
    service = load(Request(directory=str(project)), {}).service("app")
    assert dict(service.labels).popitem()[1].endswith(found["TRAEFIK_AUTH"])


@pytest.mark.parametrize("blank", [True, False])
def test_a_key_pair_that_the_program_signs_with_belongs_together(project, blank):
    value = "" if blank else "replace-me"
    commit(
        project,
        compose__yaml=example_of(
            "JWT_PRIVATE_KEY JWT_PUBLIC_KEY STRIPE_PRIVATE_KEY STRIPE_PUBLIC_KEY"
        ),
        __env__example=f"""\
# openssl genrsa -out private.pem
JWT_PRIVATE_KEY={value}
# generate it with openssl rsa -pubout
JWT_PUBLIC_KEY={value}

STRIPE_PRIVATE_KEY={value}
STRIPE_PUBLIC_KEY={value}
""",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    private = found["JWT_PRIVATE_KEY"]
    assert private.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert public_key(private.encode()).decode() == found["JWT_PUBLIC_KEY"]
    assert (found["STRIPE_PRIVATE_KEY"], found["STRIPE_PUBLIC_KEY"]) == (value, value)
    assert environment(project, "app")["JWT_PRIVATE_KEY"] == private


def test_a_pair_of_another_curve_is_left_to_a_person(project):
    text = "# ES384\nJWT_PRIVATE_KEY=replace-me\nJWT_PUBLIC_KEY=replace-me\n"
    commit(
        project,
        compose__yaml=example_of("JWT_PRIVATE_KEY JWT_PUBLIC_KEY"),
        __env__example=text,
    )
    assert prepare(project) == 0
    assert (project / ".env").read_text() == text


def test_the_tokens_of_roles_are_signed_with_their_key(project):
    commit(
        project,
        compose__yaml=example_of("JWT_SECRET ANON_KEY SERVICE_ROLE_KEY"),
        __env__example="JWT_SECRET=replace-me\nANON_KEY=your-anon-key\n"
        "SERVICE_ROLE_KEY=your-service-key\n",
    )
    assert prepare(project) == 0
    found = values(project / ".env")
    for name, role in (("ANON_KEY", "anon"), ("SERVICE_ROLE_KEY", "service_role")):
        claims = dict(signed_claims(found[name], found["JWT_SECRET"]))
        assert claims["role"] == f'"{role}"'
        assert int(claims["exp"]) > 2_000_000_000


KEY = "k3Jd82hKJhs8d2hkjHKJH28dhkjhaskjdh2"
LITERAL = {
    "a list": f"      - JWT_SECRET={KEY}\n      - ANON_KEY=${{ANON_KEY}}\n",
    "a mapping": f"      JWT_SECRET: {KEY}   # ours\n      ANON_KEY: ${{ANON_KEY}}\n",
    "quotes": f"      JWT_SECRET: '{KEY}'\n      ANON_KEY:\n",
    "flow": f'      {{JWT_SECRET: "{KEY}", ANON_KEY: $ANON_KEY}}\n',
    "a default": f"      JWT_SECRET: ${{JWT_SECRET:-{KEY}}}\n      ANON_KEY: ${{ANON_KEY:?}}\n",
    "both in the Compose file": f"      JWT_SECRET: {KEY}\n      ANON_KEY: your-anon-key\n",
}


@pytest.mark.parametrize("form", LITERAL)
def test_a_token_is_signed_with_the_key_in_the_compose_file(project, form, capsys):
    text = f"{SERVICE}    environment:\n{LITERAL[form]}"
    commit(project, compose__yaml=text)
    assert prepare(project) == 0
    assert (project / "compose.yaml").read_text() == text
    token = environment(project, "app")["ANON_KEY"] or ""
    assert dict(signed_claims(token, KEY) or ())["role"] == '"anon"'
    assert KEY not in capsys.readouterr().out
    assert prepare(project, "--detailed-exit-code") == 0  # nothing is left to do


UNREADABLE = {
    "a placeholder": "your-super-secret-jwt-token",
    "on two lines": f"\n        {KEY}\n        {KEY}",
    "with an escape": f'"{KEY}\\x41"',
    "part of a reference": f"{KEY}${{TAIL:-x}}",
}


@pytest.mark.parametrize("form", UNREADABLE)
def test_no_token_is_signed_with_a_key_that_cannot_be_read_plainly(project, form):
    value = UNREADABLE[form]
    lines = f"    environment:\n      JWT_SECRET: {value}\n      ANON_KEY: ${{ANON_KEY:-}}\n"
    commit(project, compose__yaml=f"{SERVICE}{lines}")
    prepare(project)
    assert not environment(project, "app")["ANON_KEY"]
