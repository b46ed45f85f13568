"""A certificate is issued under the names that the project's own programs read."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509

from bootready.apply.execute import apply_plan
from bootready.cli import run
from bootready.errors import ApplyError
from bootready.model.action import IssueCertificate, Plan, Step

NGINX = "server { server_name shop.test _; ssl_certificate /c/%s; ssl_certificate_key /c/%s; }\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    return directory


def prepared(project: Path, service: str) -> set[str]:
    """Return the files that `prepare` makes for one service, and hold that nothing is left."""
    (project / "compose.yaml").write_text(
        f"services:\n  web:\n    image: example.test/web:1\n    {service}\n"
    )
    before = {path for path in project.rglob("*") if path.is_file()}
    for _ in range(2):
        assert run(["prepare", "-C", str(project), "--engine", "none"]) == 0
    made = {path for path in project.rglob("*") if path.is_file()} - before
    return {str(path.relative_to(project)) for path in made} - {".gitignore"}


def test_a_certificate_and_its_key_that_are_mounted_one_by_one_are_issued(project):
    mounts = "volumes: ['./web/shop.cert:/etc/web/a.cert:ro', './web/shop.key:/etc/web/a.key:ro']"
    made = prepared(project, mounts)
    assert made == {"web/rootCA.pem", "web/shop.cert", "web/shop.key"}
    assert x509.load_pem_x509_certificate((project / "web/shop.cert").read_bytes())


def test_a_mounted_configuration_tells_the_files_and_the_hosts(project):
    (project / "nginx.conf").write_text(NGINX % ("server.crt", "server.key"))
    volumes = "volumes: ['./certs:/c:ro', './nginx.conf:/etc/nginx/nginx.conf']"
    made = prepared(project, volumes)
    assert made == {"certs/rootCA.pem", "certs/server.crt", "certs/server.key"}
    leaf = x509.load_pem_x509_certificate((project / "certs/server.crt").read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", "shop.test"} <= set(names.get_values_for_type(x509.DNSName))


@pytest.mark.parametrize(
    "text",
    [
        "command: [--tls-cert-file, /t/redis.crt, --tls-key-file, /t/redis.key]",
        "environment: [CERT=/t/redis.crt, KEY=/t/redis.key, CA=/t/ca.crt]",
    ],
)
def test_a_command_or_a_variable_tells_them(project, text):
    made = prepared(project, f"volumes: ['./tls:/t']\n    {text}")
    root = "ca.crt" if "CA=" in text else "rootCA.pem"
    assert made == {f"tls/{root}", "tls/redis.crt", "tls/redis.key"}


def test_files_that_are_mounted_by_their_names_are_those(project):
    lines = ["'./ssl/site.crt:/etc/ssl/site.crt'", "'./ssl/site_key.pem:/etc/ssl/site.key'"]
    made = prepared(project, f"volumes: [{', '.join(lines)}]")
    assert made == {"ssl/rootCA.pem", "ssl/site.crt", "ssl/site_key.pem"}


CLUSTER = """\
services:
  node.one:
    image: example.test/search:1
    environment: ['NODES_DN=CN=node.one,OU=Search,O=Shop,C=DE']
    volumes:
      - ./pki/ca/root-ca.pem:/c/root-ca.pem
      - ./pki/one/node.one.pem:/c/node.pem
      - ./pki/one/node.one-key.pem:/c/node-key.pem
      - ./pki/one/admin.pem:/c/admin.pem
      - ./pki/one/admin-key.pem:/c/admin-key.pem
      - ./admin.yml:/c/admin.yml
  web:
    image: example.test/web:1
    hostname: web.internal
    volumes:
      - ./pki/ca/root-ca.pem:/c/root-ca.pem
      - ./pki/web/web.crt:/c/web.crt
      - ./pki/web/web.key:/c/web.key
"""


def clustered(project: Path, text: str = CLUSTER) -> set[str]:
    """Return the files that `prepare` makes of a cluster."""
    (project / "compose.yaml").write_text(text)
    (project / "admin.yml").write_text('admin_dn:\n  - "CN=admin,OU=Search,O=Shop,C=DE"\n')
    for _ in range(2):
        assert run(["prepare", "-C", str(project), "--engine", "none"]) == 0
    return {path.name for path in (project / "pki").rglob("*") if path.is_file()}


def test_one_authority_signs_a_whole_set(project, capsys):
    made = clustered(project)
    nodes = {"node.one.pem", "node.one-key.pem", "admin.pem", "admin-key.pem"}
    assert made == {"root-ca.pem", "web.crt", "web.key", *nodes}
    root = x509.load_pem_x509_certificate((project / "pki/ca/root-ca.pem").read_bytes())
    told = {}
    for name in ("one/node.one.pem", "one/admin.pem", "web/web.crt"):
        leaf = x509.load_pem_x509_certificate((project / "pki" / name).read_bytes())
        leaf.verify_directly_issued_by(root)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        told[name] = leaf.subject.rfc4514_string(), names.get_values_for_type(x509.DNSName)
    assert told["one/node.one.pem"] == (
        "CN=node.one,OU=Search,O=Shop,C=DE",
        ["node.one", "localhost"],
    )
    assert told["one/admin.pem"][0] == "CN=admin,OU=Search,O=Shop,C=DE"
    assert told["web/web.crt"][1] == ["web", "web.internal", "localhost"]
    capsys.readouterr()
    run(["check", "-C", str(project), "--engine", "none"])
    assert ".pem" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("told", "subject"),
    [
        ("CN=node.one, OU=Search ,  O=Shop, C=DE", "CN=node.one,OU=Search,O=Shop,C=DE"),
        ("CN=node.one,STREET=Main 1,DC=shop,UID=n1", "CN=node.one,STREET=Main 1,DC=shop,UID=n1"),
        ("CN=node.one,O=Shop,T=x", ""),
        ("CN=node.one,O=Shop,C=Germany", ""),
        ("CN=node.one,O=Shop,E=a@shop.test", ""),
        ("CN=node.one,O=Shop,emailAddress=a@shop.test", ""),
        ("CN=node.one,O=a+b", ""),
        ("CN=node.one,O=a;b", ""),
        ("CN=node.one,O=<shop>", ""),
        ("CN=node.one,O=a\\b", ""),
        ("CN=node.one,O=# shop", ""),
        ("CN=node.one,O=,C=DE", ""),
        ("CN=node.one,O=Shop,DC=\u00e9", ""),
        ("CN=node.one,O=" + "x" * 65, ""),
        ("CN=" + "\u00e9" * 40 + ",O=Shop", ""),
    ],
)
def test_what_cannot_be_the_subject_of_a_certificate_is_none(project, told, subject):
    made = clustered(project, CLUSTER.replace("CN=node.one,OU=Search,O=Shop,C=DE", told))
    assert {"root-ca.pem", "node.one.pem", "admin.pem", "web.crt", "web.key"} <= made
    leaf = x509.load_pem_x509_certificate((project / "pki/one/node.one.pem").read_bytes())
    assert leaf.subject.rfc4514_string() == (subject or "CN=node.one,O=bootready development")


def test_a_name_that_cannot_be_issued_is_refused_before_anything_is_written(project):
    action = IssueCertificate(str(project / "pki"), ("web",), subject="CN=web, O=Shop")
    with pytest.raises(ApplyError, match="CN=web, O=Shop"):
        apply_plan(Plan((Step(1, action, "a-check"),)), str(project))
    assert not (project / "pki").exists()


@pytest.mark.parametrize(
    "text",
    [
        CLUSTER.replace("      - ./pki/web/web.key:/c/web.key\n", ""),
        CLUSTER.replace("./pki/ca/root-ca.pem:/c/root-ca.pem\n", "./pki/ca/ca.pem:/c/x.pem\n", 1),
    ],
    ids=["a key is missing", "two authorities"],
)
def test_a_set_that_is_not_whole_is_left_to_a_person(project, text):
    (project / "pki").mkdir()
    assert "admin.pem" not in clustered(project, text)


def test_a_set_of_another_authority_is_left_alone(project):
    (project / "pki/ca").mkdir(parents=True)
    (project / "pki/ca/root-ca.pem").write_text("theirs")
    assert "admin.pem" not in clustered(project)


def test_what_nobody_names_has_our_own_names(project):
    (project / "nginx.conf").write_text("server { listen 80; }\n")
    made = prepared(project, "volumes: ['./certs:/c', './nginx.conf:/etc/nginx/nginx.conf']")
    assert made == {"certs/rootCA.pem", "certs/cert.pem", "certs/key.pem"}
