"""`bootready version`: what a bug report needs; `--version` stays one quick line."""

from __future__ import annotations

import json
import platform
import sys

import pytest

from bootready.cli import run


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """No engine, and a Compose that says its version."""
    compose = tmp_path / "compose"
    compose.write_text("#!/bin/sh\necho v9.8.7\n")
    compose.chmod(0o755)
    monkeypatch.setenv("BOOTREADY_COMPOSE", str(compose))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")


@pytest.mark.parametrize("words", [["version"], ["--version", "-v"], ["-V", "--verbose"]])
def test_every_part_says_its_version_or_why_not(machine, words, capsys):
    assert run(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("bootready ")
    assert f"Python {platform.python_version()}" in lines
    assert "Docker Compose 9.8.7" in lines
    [engine] = [line for line in lines if line.startswith("Docker Engine unknown: ")]
    assert "its socket does not exist" in engine


def test_for_programs(machine, capsys):
    assert run(["version", "--json"]) == 0
    parts = {part["name"]: part for part in json.loads(capsys.readouterr().out)}
    assert parts["Docker Compose"]["version"] == "9.8.7"
    assert parts["Docker Engine"]["version"] == ""
    assert parts[platform.system()]["details"] == {"machine": platform.machine()}


def test_a_password_in_the_address_of_the_engine_is_masked(machine, monkeypatch, capsys):
    monkeypatch.setenv("DOCKER_HOST", "tcp://u:hunter2@127.0.0.1:1")
    for words in (["version"], ["version", "--json"]):
        assert run(words) == 0
        assert "hunter2" not in capsys.readouterr().out


def test_the_quick_line_asks_nothing(machine, capsys):
    before = set(sys.modules)
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("bootready ")
    assert {name for name in set(sys.modules) - before if name.startswith("bootready")} == set()
