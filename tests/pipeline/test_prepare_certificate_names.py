"""A certificate is issued under the names that the project's own programs read."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509

from bootready.cli import run

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


def test_more_than_one_certificate_of_a_directory_is_left_to_a_person(project):
    names = ("admin.pem", "admin-key.pem", "node.pem", "node-key.pem")
    volumes = ", ".join(f"'./pki/{name}:/etc/{name}'" for name in names)
    assert prepared(project, f"volumes: [{volumes}]") == set()


def test_what_nobody_names_has_our_own_names(project):
    (project / "nginx.conf").write_text("server { listen 80; }\n")
    made = prepared(project, "volumes: ['./certs:/c', './nginx.conf:/etc/nginx/nginx.conf']")
    assert made == {"certs/rootCA.pem", "certs/cert.pem", "certs/key.pem"}
