"""A stack with secrets planted in every place -> a bundle in which not one of them is."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tarfile
import urllib.parse
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from cases import service, shell
from stacks import write

from bootready.cli import run

pytestmark = pytest.mark.engine

PLANTED = {
    place: f"s3cr3t/{place}+plant&Zq9"
    for place in (
        "file",
        "dotenv",
        "shell",
        "inline",
        "envfile",
        "label",
        "option",
        "address",
        "content",
        "probe",
        "buildarg",
        "volume",
        "log",
    )
}


def project_text() -> str:
    said = PLANTED
    script = (
        "echo using $$(cat /run/secrets/pw); echo dsn postgres://app:$$DB_PASSWORD@db/x;"
        f"echo 'password={said['log']}'; echo token $$INLINE_TOKEN; env; sleep 600"
    )
    body = service(
        "a",
        "secrets: [pw]",
        "configs: [{source: c, target: /c}]",
        "env_file: [a.env]",
        "volumes: ['vol:/v']",
        "build: {{context: ., args: {{NPM_TOKEN: '{}'}}}}".format(said["buildarg"]),
        "environment: {{DB_PASSWORD: '${{DB_PASSWORD}}', INLINE_TOKEN: '{}', API_KEY: '${{API_KEY}}', "  # noqa: E501 - one line of YAML
        "DATABASE_URL: 'postgres://u:{}@db/x'}}".format(said["inline"], quoted(said["address"])),
        "labels: {{app.password: '{}'}}".format(said["label"]),
        "healthcheck: {{test: [CMD, 'true', --password, '{}'], interval: 1s}}".format(
            said["probe"]
        ),
        "pull_policy: never",
        command=shell(script).replace("600", f"600 --auth-token={said['option']} || sleep 600"),
    )
    return (
        f"services:\n{body}secrets: {{pw: {{file: ./pw.txt}}}}\n"
        f"configs: {{c: {{content: 'user=x\n\n  password={said['content']}'}}}}\n"
        f"volumes: {{vol: {{labels: {{smb_password: '{said['volume']}'}}}}}}\n"
    )


def quoted(value: str) -> str:
    return urllib.parse.quote(value, safe="")


@pytest.fixture
def planted(tmp_path: Path, compose: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of a project with a secret in every place."""
    monkeypatch.setenv("API_KEY", PLANTED["shell"])
    monkeypatch.setenv("BOOTREADY_COMPOSE", compose)
    files = {
        "compose.yaml": project_text(),
        "pw.txt": PLANTED["file"] + "\n",
        ".env": f"DB_PASSWORD='{PLANTED['dotenv']}'\n",
        "a.env": f"MAIL_PASSWORD='{PLANTED['envfile']}'\n",
    }
    write(tmp_path, files)
    return tmp_path


def test_no_verb_that_looks_at_containers_shows_a_secret(
    planted: Path, project: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The service says all its secrets, and ends with an error."""
    text = (planted / "compose.yaml").read_text()
    (planted / "compose.yaml").write_text(
        text.replace("echo using", "exec 2>&1; echo using").replace(
            "env; sleep", "env; exit 3; sleep"
        )
    )
    where = ["-C", str(planted), "-p", project]
    for words in (
        ["up", "--no-check", "--no-prepare", "--timeout", "60"],
        ["up", "--no-check", "--no-prepare", "--timeout", "60", "--json"],
        ["status"],
        ["status", "--json"],
        ["diagnose"],
        ["diagnose", "--json"],
    ):
        assert run([words[0], *where, *words[1:]]) == 1
        said = capfd.readouterr()
        for place, secret in PLANTED.items():
            for shape in (secret, quoted(secret), base64.b64encode(secret.encode()).decode()):
                assert shape not in said.out + said.err, (words, place)
        if words[0] == "diagnose":
            assert "INLINE_TOKEN=****" in said.out


def test_no_planted_secret_is_in_the_bundle(
    planted: Path, project: str, compose: str, tmp_path: Path
) -> None:
    argv = [*compose.split(), "-p", project, "up", "-d", "--no-build"]
    done = subprocess.run(
        argv, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    target = tmp_path / "bundle.tar.gz"
    assert run(["bundle", "-C", str(tmp_path), "-p", project, "-o", str(target)]) == 0

    assert target.stat().st_mode & 0o777 == 0o600
    with tarfile.open(target) as archive:
        texts = {
            entry.name.partition("/")[2]: archive.extractfile(entry).read().decode()  # type: ignore[union-attr]
            for entry in archive.getmembers()
        }
    for place, secret in PLANTED.items():
        for shape in (secret, quoted(secret), base64.b64encode(secret.encode()).decode()):
            held = [name for name, text in texts.items() if shape in text]
            assert not held, f"the secret of '{place}' is in {held}"
    log = f"logs/{project}-a-1.log"
    assert {"README.txt", "config.json", "findings.txt", "status.json", "engine.json"} <= set(texts)
    assert "using ****" in texts[log]
    assert "INLINE_TOKEN" in texts["config.json"], "names stay"
    assert '"start"' in texts["events.jsonl"]


def test_a_bundle_is_never_written_over(tmp_path: Path, compose: str) -> None:
    write(tmp_path, {"compose.yaml": "services:\n" + service("a"), "b.tar.gz": "mine"})
    os.environ.setdefault("BOOTREADY_COMPOSE", compose)
    assert run(["bundle", "-C", str(tmp_path), "-o", str(tmp_path / "b.tar.gz")]) == 2
    assert (tmp_path / "b.tar.gz").read_text() == "mine"
