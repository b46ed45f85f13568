"""Certificates that services declare: names, usage, owner, one authority, and their renewal."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from bootready.apply.certificates import authority as certificates
from bootready.cli import run
from bootready.model.request import Request
from bootready.pipeline.certs import certificates_of

COMPOSE = """\
services:
  store1: &store
    image: example.test/store:1
    user: "4711:4712"
    hostname: first
    networks: {inner: {aliases: [store]}}
    volumes: ["./secrets/tls/store1:/tls:ro"]
    x-bootready:
      certificates:
        - directory: ./secrets/tls/store1
          names: ["store.${DOMAIN:-internal}", 10.1.2.3]
          usage: [server, client]
  client:
    image: example.test/client:1
    user: "4713"
    secrets: [client_key]
    volumes:
      - type: bind
        source: ./secrets/tls/store1/rootCA.pem
        target: /authority.pem
        bind: {create_host_path: false}
    x-bootready:
      certificates: [{directory: ./secrets/tls/client, usage: client}]
secrets:
  client_key: {file: ./secrets/tls/client/key.pem}
networks: {inner: {}}
"""
MORE = """\
  store2:
    image: example.test/store:1
    user: "4711:4712"
    volumes: ["./secrets/tls/store2:/tls:ro"]
    x-bootready:
      certificates: [{directory: ./secrets/tls/store2}]
secrets:
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CAROOT", raising=False)
    directory = tmp_path / "shop"
    directory.mkdir()
    (directory / "compose.yaml").write_text(COMPOSE)
    return directory


def test_each_has_the_names_and_the_usage_that_its_service_needs(project: Path) -> None:
    assert prepare(project) == 0
    store = leaf(project, "store1")
    assert names(store) == [
        *("store1", "first", "store", "localhost", "store.internal"),
        *("127.0.0.1", "10.1.2.3"),
    ]
    assert usages(store) == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    assert names(leaf(project, "client")) == ["client", "localhost", "127.0.0.1"]
    assert usages(leaf(project, "client")) == {ExtendedKeyUsageOID.CLIENT_AUTH}
    assert len({root_of(project, name) for name in ("store1", "client")}) == 1


def test_a_key_is_for_its_reader_alone(project: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    assert prepare(project) == 0
    access = (("store1", (0o640, 0, 4712)), ("client", (0o400, 4713, 0)))
    for name, wanted in access:
        found = (project / f"secrets/tls/{name}/key.pem").stat()
        assert (found.st_mode & 0o777, found.st_uid, found.st_gid) == wanted
        assert (project / f"secrets/tls/{name}/cert.pem").stat().st_mode & 0o777 == 0o644


def test_a_fresh_clone_hears_of_each_certificate_once(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not of the files in it too: those are no secrets to make at random, and no directories."""
    assert run(["check", "-C", str(project), "--engine", "none", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    ids = sorted(one["check"] for one in found if one["severity"] == "error")
    assert ids == ["certificate-missing", "certificate-missing"]


def test_one_that_lacks_a_usage_is_issued_again_with_its_key(project: Path) -> None:
    assert prepare(project) == 0
    key = (project / "secrets/tls/client/key.pem").read_bytes()
    (project / "compose.yaml").write_text(
        COMPOSE.replace("usage: client", "usage: [client, server]")
    )
    assert "is not for a server" in problems(project)
    assert prepare(project) == 0
    assert problems(project) == ""
    assert len(usages(leaf(project, "client"))) == 2
    assert (project / "secrets/tls/client/key.pem").read_bytes() == key


def test_a_new_service_gets_an_authority_that_all_of_them_share(project: Path) -> None:
    """The first one may sign for the names of its day only."""
    assert prepare(project) == 0
    before = root_of(project, "store1")
    (project / "compose.yaml").write_text(
        COMPOSE.replace("secrets:\n  client_key", MORE + "  client_key")
    )
    assert "may not sign for store2" in problems(project)
    assert prepare(project) == 0
    assert problems(project) == ""
    after = {root_of(project, name) for name in ("store1", "store2", "client")}
    assert len(after) == 1
    assert after != {before}
    assert prepare(project) == 0
    assert {root_of(project, name) for name in ("store1", "store2", "client")} == after


def test_one_of_another_authority_is_told_and_brought_together(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prepare(project) == 0
    root = project / "secrets/tls/client"
    for name in ("rootCA.pem", "cert.pem", "key.pem"):
        (root / name).unlink()
    home = tmp_path / "mkcert"
    home.mkdir()
    other = certificates.new_authority(
        ("client", "store1", "first", "store", "store.internal", "10.1.2.3")
    )
    (home / "rootCA.pem").write_bytes(other.pem)
    (home / "rootCA-key.pem").write_bytes(other.key_pem)
    monkeypatch.setenv("CAROOT", str(home))
    assert prepare(project) == 0
    assert "a different authority than those of the other services" in problems(project)
    assert prepare(project) == 0
    assert problems(project) == ""
    assert {root_of(project, name) for name in ("store1", "client")} == {other.pem}


def test_one_that_expires_is_told_by_check_and_renewed_by_prepare(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = dt.datetime.now(dt.UTC) - dt.timedelta(days=815)
    with monkeypatch.context() as past:
        past.setattr(certificates, "_now", lambda: old)
        assert prepare(project) == 0
    assert "expires in" in problems(project)
    assert prepare(project) == 0
    assert problems(project) == ""


def prepare(project: Path) -> int:
    return run(["prepare", "-C", str(project), "--engine", "none"])


def problems(project: Path) -> str:
    _, states = certificates_of(Request(directory=str(project)), os.environ)
    return "\n".join(line for one in states for line in one.problems)


def leaf(project: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((project / f"secrets/tls/{name}/cert.pem").read_bytes())


def root_of(project: Path, name: str) -> bytes:
    return (project / f"secrets/tls/{name}/rootCA.pem").read_bytes()


def names(certificate: x509.Certificate) -> list[str]:
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = found.get_values_for_type(x509.IPAddress)
    return [*found.get_values_for_type(x509.DNSName), *map(str, addresses)]


def usages(certificate: x509.Certificate) -> set[x509.ObjectIdentifier]:
    return set(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
