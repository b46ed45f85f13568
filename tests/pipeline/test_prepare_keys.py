"""`prepare` makes key pairs as their placeholders ask for, and what is made of a known secret."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from bootready.apply.secrets.keys import public_key
from bootready.cli import run
from bootready.knowledge.values.placeholder import Form, form_of
from bootready.plan.value_groups import signed_claims
from bootready.read.dotenv import read_dotenv


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=directory, check=True)
    return directory


def prepared(project: Path, env: str, names: str) -> dict[str, str]:
    """Return what the `.env` sets after `prepare`, of a service that gets `names`."""
    lines = "".join(f"      {name}: ${{{name}}}\n" for name in names.split())
    head = "services:\n  app:\n    image: example.test/app:1\n    environment:\n"
    (project / "compose.yaml").write_text(head + lines)
    (project / ".env").write_text(env)
    assert run(["prepare", "-C", str(project), "--engine", "none"]) == 0
    text = (project / ".env").read_text()
    variables = read_dotenv(text, ".env", lambda _name: None)
    return {name: variable.value for name, variable in variables.items()}


def pem(kind: str, body: str = "YOUR KEY HERE") -> str:
    return f"-----BEGIN {kind}-----\\n{body}\\n-----END {kind}-----"


PAIRS = [
    pytest.param("", "PRIVATE KEY", "PRIVATE KEY", rsa.RSAPrivateKey, id="rsa"),
    pytest.param("", "RSA PRIVATE KEY", "RSA PRIVATE KEY", rsa.RSAPrivateKey, id="pkcs 1"),
    pytest.param("", "EC PRIVATE KEY", "EC PRIVATE KEY", ec.EllipticCurvePrivateKey, id="sec 1"),
    pytest.param(
        "# ES256", "PRIVATE KEY", "PRIVATE KEY", ec.EllipticCurvePrivateKey, id="p-256"
    ),
    pytest.param(
        "# openssl genpkey -algorithm ed25519", "PRIVATE KEY", "PRIVATE KEY",
        ed25519.Ed25519PrivateKey, id="ed25519",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("comment", "label", "made", "kind"), PAIRS)
def test_a_pair_is_of_the_kind_that_its_placeholder_tells(project, comment, label, made, kind):
    env = (
        f'{comment}\nJWT_PRIVATE_KEY="{pem(label)}"\nJWT_PUBLIC_KEY="{pem("PUBLIC KEY", "...")}"\n'
    )
    found = prepared(project, env, "JWT_PRIVATE_KEY JWT_PUBLIC_KEY")
    private = found["JWT_PRIVATE_KEY"]
    assert private.startswith(f"-----BEGIN {made}-----\n")
    assert isinstance(load_pem_private_key(private.encode(), None), kind)
    assert public_key(private.encode()).decode() == found["JWT_PUBLIC_KEY"]


def test_what_is_made_of_a_secret_that_is_there_is_made_of_it(project):
    key = ed25519.Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    one_line = text.replace("\n", "\\n")
    env = f'JWT_SECRET={"4f1c9e" * 8}\nANON_KEY=\nOIDC_PRIVATE_KEY="{one_line}"\n'
    names = "JWT_SECRET ANON_KEY SERVICE_ROLE_KEY OIDC_PRIVATE_KEY OIDC_PUBLIC_KEY"
    found = prepared(project, env, names)
    assert found["JWT_SECRET"] == "4f1c9e" * 8
    assert found["OIDC_PRIVATE_KEY"] == text
    for name, role in (("ANON_KEY", "anon"), ("SERVICE_ROLE_KEY", "service_role")):
        assert dict(signed_claims(found[name], found["JWT_SECRET"]) or ())["role"] == f'"{role}"'
    assert found["OIDC_PUBLIC_KEY"] == public_key(text.encode()).decode()


@pytest.mark.parametrize(
    "value",
    [
        "replace-me",
        pem("ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED"),
        "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t",
    ],
)
def test_no_public_key_is_made_of_what_is_no_plain_private_key(project, value):
    env = f'OIDC_PRIVATE_KEY="{value}"\n# ES384\nOIDC_PUBLIC_KEY=\n'
    found = prepared(project, env, "OIDC_PRIVATE_KEY OIDC_PUBLIC_KEY")
    assert found["OIDC_PUBLIC_KEY"] == ""


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (pem("PRIVATE KEY"), Form.PLACEHOLDER),
        (pem("PRIVATE KEY", "MIIEvQIBADANBgkqhkiG9w0BAQEF..."), Form.PLACEHOLDER),
        (pem("CERTIFICATE", "x" * 64), Form.PLACEHOLDER),
        ("-----BEGIN PRIVATE KEY-----", Form.PLACEHOLDER),
        (pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIKgbQrxM4usaaViyHtuv" + "A1b/" * 6), Form.REAL),
        (pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\\n\\nabc"), Form.REAL),
    ],
)
def test_a_key_without_its_body_is_a_placeholder(value, form):
    assert form_of(value, secret=True) is form
    assert form_of(value.replace("\\n", "\n"), secret=False) is form
