"""A project with a bootready provider is prepared by plain `docker compose up`, of v5 and v2."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootready.cli import run
from engine_support import require_busybox, require_compose

TEXT = """services:
  ready:
    provider: {{type: bootready}}
  web:
    image: {image}
    init: true
    stop_grace_period: 1s
    command: [sh, -c, 'test -s /run/secrets/pw && sleep 600']
    depends_on: [ready]
    secrets: [pw]
    volumes: [./data:/data]
{more}
secrets: {{pw: {{file: ./secrets/pw.txt}}}}
"""


@pytest.fixture(params=[5, 2], ids=["v5", "v2"])
def compose(request: pytest.FixtureRequest) -> tuple[str, ...]:
    require_busybox()
    return require_compose(request.param).command


@pytest.fixture
def project(tmp_path: Path, compose: tuple[str, ...]) -> Iterator[str]:
    name = f"bootready-provider-{secrets.token_hex(3)}"
    yield name
    call(tmp_path, compose, name, "down", "-v", "-t", "1")


def call(
    directory: Path, compose: tuple[str, ...], name: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*compose, "-p", name, *arguments],
        cwd=directory,
        env={**os.environ, "PATH": path},
        check=False,
        capture_output=True,
        text=True,
        timeout=90,
    )


@pytest.mark.engine
def test_plain_compose_prepares_the_project(
    tmp_path: Path, compose: tuple[str, ...], project: str
) -> None:
    text = TEXT.format(image=require_busybox(), more="")
    (tmp_path / "compose.yaml").write_text(text)
    done = call(tmp_path, compose, project, "up", "-d", "--wait")
    assert done.returncode == 0, done.stderr
    made = tmp_path / "secrets/pw.txt"
    first = made.read_bytes()
    assert first
    assert (tmp_path / "data").is_dir()
    again = call(tmp_path, compose, project, "up", "-d", "--wait")
    assert again.returncode == 0, again.stderr
    assert made.read_bytes() == first, "a second run changes nothing"


@pytest.mark.engine
def test_what_cannot_boot_is_said_before_it_starts(
    tmp_path: Path, compose: tuple[str, ...], project: str
) -> None:
    text = TEXT.format(image=require_busybox(), more="    mem_limit: 256")
    (tmp_path / "compose.yaml").write_text(text)
    done = call(tmp_path, compose, project, "up", "-d", "--wait")
    assert done.returncode != 0
    assert "not ready:" in done.stderr
    assert "bootready check" in done.stderr
    listed = call(tmp_path, compose, project, "ps", "-aq").stdout
    assert listed.strip() == "", "nothing was created"


def test_the_metadata_and_the_end_of_a_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compose", "metadata"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {one["name"] for one in said["up"]["parameters"]} == {"file", "check"}
    assert run(["compose", "--project-name=x", "down", "ready"]) == 0
    assert capsys.readouterr().out == ""


def test_errors_are_messages_for_compose(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text("services: [")
    assert run(["compose", "--project-name=x", "up", "ready"]) == 1
    messages = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert messages[-1]["type"] == "error"
