"""A `.env` that git tracks gets no secret: it is told where to, and the rest is `fix`'s."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.model.request import Request
from bootready.pipeline import load

COMPOSE = """\
services:
  app:
    image: example.test/app:1
    environment: {DB_PASSWORD: "${DB_PASSWORD:?}"}
    ports: ["${APP_PORT:?}:80"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    directory = tmp_path / "shop"
    directory.mkdir()
    (directory / "compose.yaml").write_text(COMPOSE)
    (directory / ".env").write_text("A=1\n")
    for words in (["init", "-q"], ["add", "-A", "-f"]):
        subprocess.run(["git", *words], cwd=directory, check=True)
    monkeypatch.chdir(directory)
    return directory


def test_fix_adds_what_is_no_secret_and_prepare_a_secret_to_a_file_beside_it(project, capsys):
    run(["check", "--engine", "none"])
    command = "touch .env.local && bootready prepare --env-file .env --env-file .env.local"
    assert command in capsys.readouterr().out
    assert run(["prepare", "--engine", "none"]) == 0
    assert (project / ".env").read_text() == "A=1\n"
    assert run(["fix", "--apply"]) == 0
    changed = (project / ".env").read_text()
    assert changed.startswith("A=1\n# APP_PORT: ")
    assert "PASSWORD" not in changed
    (project / ".env.local").touch()
    names = ["--env-file", ".env", "--env-file", ".env.local"]
    assert run(["prepare", "--engine", "none", *names]) == 0
    assert (project / ".env").read_text() == changed
    request = Request(env_files=(".env", ".env.local"))
    found = load(request, {})
    assert not found.problems
    assert len(found.services[0].environment[0].value or "") == 43
    assert run(["fix", "--detailed-exit-code"]) == 0
