"""A clone holds a file for every program that could be called; none of them is ever started."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

import bootready
from bootready.engine.run import run
from bootready.errors import EngineError
from command_lines import command_lines, start

SOURCE = Path(bootready.__file__).parent
PROJECT = """\
services:
  web:
    image: bootready.local/busybox:${TAG:-1}
    build: {context: .}
    secrets: [token]
    volumes: [./cert-store/certs:/certs]
    provider: {type: evil}
secrets: {token: {file: ./kept/token}}
"""
RELATIVE = ("", ".", "./", "inner", "inner/..", "../clone")
"""Entries of a PATH that depend on the current directory."""


@cache
def names_in_source() -> frozenset[str]:
    """Return every word of the package that could name a program, and every program that is here:
    scripts such as update-ca-certificates call others.
    """
    words = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words |= {node.value, *node.value.split()[:1]}
    for directory in os.environ["PATH"].split(os.pathsep):
        words |= set(os.listdir(directory)) if os.path.isdir(directory) else set()
    return frozenset(word for word in words if re.fullmatch(r"[a-z][a-z0-9_-]{1,40}", word))


@pytest.fixture
def clone(tmp_path):
    """A clone whose every directory on a relative PATH is full of traps: it is one directory, as
    some commands copy all of it.
    """
    where = tmp_path / "clone"
    trap = tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0" >>"{tmp_path}/sprung"\n', encoding="utf-8")
    trap.chmod(0o755)
    where.mkdir()
    (where / "inner").symlink_to(".")
    names = names_in_source() | {"docker-credential-evil", "docker-evil", "evil", "docker-init"}
    assert {"docker", "docker-compose", "git", "update-ca-certificates", "security"} <= names
    for name in names:
        os.link(trap, where / name)
    (where / "compose.yaml").write_text(PROJECT, encoding="utf-8")
    # A file of variables chooses neither programs nor the engine.
    chosen = "BOOTREADY_COMPOSE=./docker\nPATH=.\nDOCKER_HOST=ssh://evil\nDOCKER_CONFIG=.\n"
    (where / ".env").write_text(f"TAG=1\n{chosen}", encoding="utf-8")
    return where


def sprung(clone):
    found = clone.parent / "sprung"
    return found.read_text(encoding="utf-8") if found.exists() else ""


@pytest.mark.slow
def test_no_command_starts_a_program_of_the_clone(clone):
    """One after another, so that the command is known that starts one."""
    path = os.pathsep.join((*RELATIVE, os.environ["PATH"], ""))
    dead = f"unix://{clone.parent}/no.sock"
    for environ in ({}, {"BOOTREADY_COMPOSE": "docker compose"}):
        given = {"PATH": path, "DOCKER_HOST": dead, **environ}
        for line in command_lines():
            with start(line, clone, given) as process:
                process.communicate(timeout=120)
            assert not sprung(clone), line


def test_the_traps_work(clone):
    """Or the test above could not fail."""
    subprocess.run(["docker"], cwd=clone, env={"PATH": "."}, check=True)
    assert sprung(clone)


@pytest.mark.parametrize("entry", RELATIVE)
def test_a_name_is_not_looked_for_in_the_current_directory(clone, monkeypatch, entry):
    monkeypatch.chdir(clone)
    for path in (entry, f"{entry}:", f":{entry}"):
        monkeypatch.setenv("PATH", path)
        for name in ("update-ca-certificates", "./docker", "inner/git"):
            with pytest.raises(EngineError, match=r"was not found|cannot be started"):
                run([name])
    assert not sprung(clone)


def test_what_a_program_starts_is_not_looked_for_there_either(clone, monkeypatch):
    """update-ca-certificates is a shell script that calls openssl by its name."""
    script = clone.parent / "script"
    script.write_text("#!/bin/sh\nopenssl version\nexit 7\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", ".")
    assert run([str(script)], cwd=str(clone)).exit_code == 7
    assert not sprung(clone)
