"""A password of any printable character reaches PostgreSQL as it is in the file, or is refused."""

from __future__ import annotations

import importlib.util
import os
import string
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from documents_support import ROOT

CLUSTER = ROOT / "infra/04-data/postgresql-cluster"
NAMES = ("patroni_superuser_password", "patroni_replication_password", "patroni_api_password")
REFUSED = "&<>\"'"


@pytest.fixture(scope="module")
def configure() -> ModuleType:
    """What a Spilo node makes of its environment."""
    spec = importlib.util.spec_from_file_location("configure", CLUSTER / "image/spilo/configure.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def started_with(directory: Path, superuser: str) -> subprocess.CompletedProcess[str]:
    """Run with-secrets.sh on secrets and a /run of its own, and print the environment."""
    script = (CLUSTER / "with-secrets.sh").read_text()
    for place in ("/run/", "/tls/"):
        script = script.replace(place, f"{directory}{place.removeprefix('/run')}")
    script = script.replace("mkdir -p /run", f"mkdir -p {directory}")
    # Owners are the business of the container, where there is a user postgres.
    script = script.replace("install -o postgres -g postgres", "install")
    (directory / "secrets").mkdir(exist_ok=True)
    (directory / "tls").mkdir(exist_ok=True)
    for name in ("rootCA.pem", "cert.pem", "key.pem"):
        (directory / "tls" / name).write_text("a part of a certificate")
    for name, value in zip(NAMES, (superuser, "plain", "plain"), strict=True):
        (directory / "secrets" / name).write_text(value)
    command = ["sh", "-c", script, "with-secrets.sh", "env", "-0"]
    environment = {**os.environ, "PGROOT": str(directory)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("character", string.punctuation + " aZ0")
def test_a_printable_character_arrives_or_is_refused(tmp_path, configure, character):
    password = f"a{character}b"
    done = started_with(tmp_path, password)
    if character in REFUSED:
        assert done.returncode == 78
        assert f"secret '{NAMES[0]}' contains one of {' '.join(REFUSED)}" in done.stderr
        assert password not in done.stdout + done.stderr
        return
    assert done.returncode == 0, done.stderr
    environment = dict(entry.split("=", 1) for entry in done.stdout.split("\0") if "=" in entry)
    made = configure.configuration({**environment, "SCOPE": "a", "ETCD3_HOSTS": "b:1"})
    assert made["postgresql"]["authentication"]["superuser"]["password"] == password
    assert os.readlink(tmp_path / "postgres.yml") == f"{tmp_path}/patroni/postgres.yml"


@pytest.mark.parametrize(
    ("password", "said"),
    [
        pytest.param("a\nb", "control character", id="a second line"),
        pytest.param("a\tb", "control character", id="a tab"),
        pytest.param(" ab", "starts or ends with a space", id="a space first"),
        pytest.param("ab ", "starts or ends with a space", id="a space last"),
        pytest.param("", "missing, empty", id="nothing"),
    ],
)
def test_what_readers_of_the_file_take_differently_is_refused(tmp_path, password, said):
    done = started_with(tmp_path, password)
    assert done.returncode == 78
    assert said in done.stderr
