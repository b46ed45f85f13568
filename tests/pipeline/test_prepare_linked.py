"""Secrets that hang together, and secrets whose kind another place than their name tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.cli import run
from bootready.knowledge.secrets.kinds import kind_of
from bootready.model.action import SecretKind


def prepared(directory: Path, secrets: str, service: str = "") -> dict[str, str]:
    """The values of the secrets that `prepare` makes for a service which is granted all of them."""
    names = ", ".join(line.split(":")[0].strip() for line in secrets.splitlines())
    (directory / "compose.yaml").write_text(
        f"services:\n  web:\n    image: web\n    secrets: [{names}]\n{service}secrets:\n{secrets}"
    )
    assert run(["prepare", "-C", str(directory), "--engine", "none"]) == 0
    return {path.name: path.read_text() for path in (directory / "secrets").iterdir()}


def test_a_chain_of_linked_secrets_is_made_from_its_end(tmp_path):
    values = prepared(
        tmp_path,
        "  a: {file: secrets/a, x-bootready: {same_as: b}}\n"
        "  b: {file: secrets/b, x-bootready: {same_as: c}}\n"
        "  c: {file: secrets/c}\n",
    )
    assert values["a"] == values["b"] == values["c"]


def test_nothing_is_made_where_a_hint_cannot_be_followed(tmp_path):
    values = prepared(
        tmp_path,
        "  a: {file: secrets/a, x-bootready: {same_as: b}}\n"
        "  b: {file: secrets/b, x-bootready: {same_as: a}}\n"
        "  typo: {file: secrets/typo, x-bootready: {kind: fernt}}\n"
        "  lost: {file: secrets/lost, x-bootready: {same_as: nobody}}\n"
        "  made: {file: secrets/made, x-bootready: {bytes: 4}}\n",
    )
    assert set(values) == {"made"}


def test_a_hash_of_another_secret_has_that_one_as_its_clear_text(tmp_path):
    values = prepared(
        tmp_path,
        "  hash: {file: secrets/hash, x-bootready: {kind: bcrypt, from: pw}}\n"
        "  users: {file: secrets/users, x-bootready: {kind: htpasswd, user: bob, from: pw}}\n"
        "  pw: {file: secrets/pw}\n",
    )
    assert set(values) == {"hash", "users", "pw"}
    assert values["users"].startswith("bob:$2b$")
    assert values["pw"] not in values["hash"] + values["users"]


def test_a_copy_of_a_hash_is_that_hash(tmp_path):
    values = prepared(
        tmp_path,
        "  a_htpasswd: {file: secrets/a, x-bootready: {same_as: b_htpasswd}}\n"
        "  b_htpasswd: {file: secrets/b}\n",
    )
    assert values["a"] == values["b"]
    assert set(values) == {"a", "b", "b.clear"}


def test_an_empty_secret_is_no_base_for_another(tmp_path, capsys):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "pw").touch()
    with pytest.raises(AssertionError):
        prepared(
            tmp_path,
            "  copy: {file: secrets/copy, x-bootready: {same_as: pw}}\n  pw: {file: secrets/pw}\n",
        )
    assert "which is empty" in capsys.readouterr().err


def test_a_label_of_another_service_tells_what_the_gateway_reads(tmp_path):
    other = "  app:\n    image: app\n    labels: {t.basicauth.usersfile: /run/secrets/dash}\n"
    assert prepared(tmp_path, "  dash: {file: secrets/dash}\n", other)["dash"].startswith("admin:$")


@pytest.mark.parametrize(("asked", "made"), [(8, 16), (16, 16), (20, 24), (24, 24), (64, 32)])
def test_a_cookie_key_has_a_length_that_its_consumer_takes(tmp_path, asked, made):
    hints = f"{{kind: cookie, bytes: {asked}}}"
    values = prepared(tmp_path, f"  c: {{file: secrets/c, x-bootready: {hints}}}\n")
    assert len(values["c"]) == made


@pytest.mark.parametrize(
    ("name", "image", "kind"),
    [
        ("session", "quay.io/oauth2-proxy/oauth2-proxy:v7", SecretKind.COOKIE),
        ("web_auth", "registry:2", SecretKind.HTPASSWD),
        ("dash-users", "traefik@sha256:0", SecretKind.HTPASSWD),
        ("users_password", "traefik:v3", SecretKind.PASSWORD),
        ("core", "apache/airflow:2.9", SecretKind.FERNET),
        ("session", "web", SecretKind.PASSWORD),
        ("deploy_ssh_key", "web", SecretKind.PLACEHOLDER),
    ],
)
def test_the_image_decides_where_name_and_use_say_nothing(name, image, kind):
    assert kind_of(name, images=[image]) is kind
