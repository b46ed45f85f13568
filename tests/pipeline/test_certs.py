"""Certificates are shown as they are, fit the project's names, and are renewed in time."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bootready.apply.certificates import authority as certificates
from bootready.cli import run
from bootready.host.state import state_directory

COMPOSE = """\
services:
  gateway:
    image: example.test/gateway:1
    user: "0"
    volumes: ["./certs:/certs:ro"]
    environment: {DEFAULT_URL: "${DEFAULT_URL:-shop.localhost}"}
    labels:
      traefik.http.routers.shop.rule: Host(`www.shop.localhost`) || Host(`Other.test`)
      traefik.http.routers.public.rule: Host(`public.test`)
      traefik.http.routers.public.tls.certresolver: letsencrypt
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CAROOT", raising=False)
    directory = tmp_path / "shop"
    directory.mkdir()
    (directory / "compose.yaml").write_text(COMPOSE)
    return directory


def prepare(project: Path) -> int:
    return run(["prepare", "-C", str(project), "--engine", "none"])


def leaf(project: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((project / "certs/cert.pem").read_bytes())


def test_names_come_from_the_default_url_and_the_routers(project, capsys):
    assert prepare(project) == 0
    capsys.readouterr()
    assert run(["certs", "-C", str(project), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["names"] == ["shop.localhost", "*.shop.localhost", "other.test"]
    assert row["authority"] == state_directory(str(project), os.environ)
    assert row["problems"] == []


def test_what_does_not_fit_is_named_and_the_exit_code_is_one(project, capsys, monkeypatch):
    prepare(project)
    monkeypatch.setenv("DEFAULT_URL", "new.localhost")
    assert run(["certs", "-C", str(project)]) == 1
    shown = capsys.readouterr().out
    assert "lacks the name new.localhost, *.new.localhost" in shown
    assert "subject    CN=shop.localhost" in shown


def test_a_certificate_that_is_about_to_expire_is_renewed_with_its_key(project, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(certificates, "_LEAF_LIFE", dt.timedelta(days=20))
        patch.setattr(certificates, "RENEW_BEFORE", dt.timedelta(days=1))
        assert prepare(project) == 0
    key = (project / "certs/key.pem").read_bytes()
    old = leaf(project).not_valid_after_utc
    assert run(["certs", "-C", str(project)]) == 1
    assert prepare(project) == 0
    assert leaf(project).not_valid_after_utc > old + dt.timedelta(days=700)
    assert (project / "certs/key.pem").read_bytes() == key
    before = (project / "certs/cert.pem").stat().st_mtime_ns
    assert prepare(project) == 0
    assert (project / "certs/cert.pem").stat().st_mtime_ns == before


def test_an_authority_as_mkcert_makes_it_is_reused(project, tmp_path, monkeypatch):
    """RSA, no name constraints, the key in PKCS #8: what mkcert 1.4.4 writes."""
    caroot = tmp_path / "caroot"
    caroot.mkdir()
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mkcert someone@host")])
    now = dt.datetime.now(dt.UTC)
    authority = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (caroot / "rootCA.pem").write_bytes(authority.public_bytes(pem))
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(pem, form, serialization.NoEncryption())
    (caroot / "rootCA-key.pem").write_bytes(secret)
    monkeypatch.setenv("CAROOT", str(caroot))
    assert prepare(project) == 0
    leaf(project).verify_directly_issued_by(authority)
    assert not Path(state_directory(str(project), os.environ), "rootCA.pem").exists()
    assert run(["certs", "-C", str(project)]) == 0


def test_our_authority_is_limited_to_the_names_of_the_project(project):
    prepare(project)
    root = x509.load_pem_x509_certificate((project / "certs/rootCA.pem").read_bytes())
    limits = root.extensions.get_extension_for_class(x509.NameConstraints)
    names = [one.value for one in limits.value.permitted_subtrees or []]
    assert limits.critical
    assert names[:3] == ["localhost", "other.test", "shop.localhost"]
