"""Small projects: what Compose printed for each is what bootready resolves.

A directory of `cases` is a project; `expected.json` is the answer of ``docker compose config`` and
`untyped.json` that of ``--no-interpolate``; if one is missing, Compose refused the project, and
`expected.refused.txt` or `untyped.refused.txt` is our reason (``--update-golden`` writes it).
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from bootready.cli import run
from engine_support import require_compose

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.name for path in CASES.iterdir())
ENVIRONMENT = {"HOME": "/home/someone", "SH": "fromshell"}
MODES = {"expected.json": [], "untyped.json": ["--no-interpolate"]}


def arguments(name: str) -> list[str]:
    given = CASES / name / "args"
    return given.read_text().split() if given.exists() else []


@pytest.fixture
def scrubbed(monkeypatch):
    """Only the variables that the answers were made with."""
    for variable in list(os.environ):
        monkeypatch.delenv(variable)
    for variable, value in ENVIRONMENT.items():
        monkeypatch.setenv(variable, value)


@pytest.mark.usefixtures("scrubbed")
@pytest.mark.parametrize("answer", MODES)
@pytest.mark.parametrize("name", NAMES)
def test_a_project_resolves_as_compose_answered(name, answer, capsys, monkeypatch, golden):
    directory = CASES / name
    monkeypatch.chdir(directory)
    code = run([*arguments(name), "config", "--format", "json", "--reveal", *MODES[answer]])
    printed = capsys.readouterr()
    if not (directory / answer).exists():
        assert code == 2, "Compose refused this project"
        refused = printed.err.replace(str(directory), "@DIR@")
        golden(refused, directory / answer.replace(".json", ".refused.txt"))
        return
    want = (directory / answer).read_text().replace("@DIR@", str(directory))
    assert code == 0, printed.err
    assert json.loads(printed.out) == json.loads(want)


@pytest.mark.compose
@pytest.mark.parametrize("name", NAMES)
def test_compose_still_answers_so(name):
    compose = require_compose(5)
    directory = CASES / name
    for answer, mode in MODES.items():
        done = subprocess.run(
            [*compose.command, *arguments(name), "config", "--format", "json", *mode],
            cwd=directory,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        recorded = directory / answer
        assert (done.returncode == 0) == recorded.exists(), done.stderr
        if recorded.exists():
            want = recorded.read_text().replace("@DIR@", str(directory))
            assert json.loads(done.stdout) == json.loads(want)
