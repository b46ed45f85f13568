"""A saved plan is carried out exactly as it was printed, or refused when it is out of date."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.model.action import (
    AppendLines,
    CreateDirectory,
    CreateNetwork,
    Edit,
    EditFile,
    GenerateSecret,
    GenerateVariable,
    IssueCertificate,
    Plan,
    Reader,
    SecretKind,
    SetPermissions,
    SetVariable,
    Step,
    WriteFile,
)
from bootready.model.position import Span
from bootready.plan.store import Stored, decoded, encoded

COMPOSE = """\
services:
  web:
    image: example.test/web:${TAG:?}
    user: "0"
    secrets: [pw]
    volumes: ["./data:/data"]
    command: [sh, -c, "echo $HOSTNAME_OF_IT"]
secrets:
  pw: {file: ./secrets/pw}
"""
ACTIONS = (
    WriteFile("/p/.env", "A=1\n", 0o600),
    SetVariable("/p/.env", "B", "", line="B='2'"),
    GenerateVariable("/p/.env", "C", SecretKind.HEX, 16),
    CreateDirectory("/p/data", 0o700, 1, None),
    GenerateSecret("/p/s", "s", SecretKind.JWT, readers=(Reader("a", None, (1, 2), True),),
                   source="/p/t", claims=(("role", "anon"),)),
    IssueCertificate("/p/certs", ("a.test", "b.test")),
    SetPermissions("/elsewhere/s", 0o640, None, 4),
    EditFile("/p/compose.yaml", (Edit(Span("/p/compose.yaml", 1, 2, 1, 3), "$"),)),
    AppendLines("/p/.gitignore", (".env",)),
    CreateNetwork("net"),
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    directory = tmp_path / "shop"
    directory.mkdir()
    (directory / ".env.example").write_text("TAG=1\n")
    (directory / "compose.yaml").write_text(COMPOSE)
    return directory


def bootready(project: Path, *arguments: str) -> int:
    command, *rest = arguments
    engine = ["--engine", "none"] if command == "prepare" else []
    return run([command, "-C", str(project), *engine, *rest])


def files(project: Path) -> set[str]:
    return {str(path.relative_to(project)) for path in project.rglob("*")}


def test_every_action_survives_being_stored():
    steps = tuple(Step(n, one, "cause", "why", (n - 1,)) for n, one in enumerate(ACTIONS, 1))
    stored = Stored(Plan(steps), {"/p/compose.yaml": "sha256:0"}, outside=True)
    data = json.loads(json.dumps(encoded(stored, "/p")))
    assert "/p/" not in json.dumps(data)
    assert decoded(data, "/p") == stored


def test_a_saved_plan_is_carried_out_and_nothing_else(project, tmp_path, capsys):
    plan = tmp_path / "plan.json"
    before = files(project)
    assert bootready(project, "prepare", "--out", str(plan)) == 0
    assert files(project) == before
    assert bootready(project, "apply", str(plan)) == 0
    assert (project / ".env").read_text() == "TAG=1\n"
    value = (project / "secrets/pw").read_text()
    assert value not in plan.read_text() + capsys.readouterr().out
    assert bootready(project, "apply", str(plan)) == 0
    assert (project / "secrets/pw").read_text() == value
    assert bootready(project, "prepare", "--detailed-exit-code") == 0


@pytest.mark.parametrize(
    ("path", "text"),
    [("compose.yaml", COMPOSE + "# new\n"), (".env", "TAG=2\n"), ("secrets/pw", "mine")],
)
def test_a_plan_is_refused_when_something_changed_since(project, tmp_path, path, text, capsys):
    plan = tmp_path / "plan.json"
    bootready(project, "prepare", "--out", str(plan))
    (project / path).parent.mkdir(exist_ok=True)
    (project / path).write_text(text)
    before = files(project)
    assert bootready(project, "apply", str(plan)) == 1
    assert f"'./{path}' changed since" in capsys.readouterr().err
    assert files(project) == before


STEP = '{"id": 1, "action": "WriteFile", "arguments": {"path": 3}, "cause": "", "reason": ""}'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("[]", id="a list"),
        pytest.param('{"format": "bootready-plan/1"}', id="no steps"),
        pytest.param(
            f'{{"format": "bootready-plan/1", "inputs": {{}}, "steps": [{STEP}]}}',
            id="a path that is a number",
        ),
    ],
)
def test_what_is_no_plan_is_a_usage_error(project, tmp_path, text):
    plan = tmp_path / "plan.json"
    plan.write_text(text)
    assert bootready(project, "apply", str(plan)) == 2


def test_a_plan_that_leaves_the_project_is_refused(project, tmp_path):
    plan = tmp_path / "plan.json"
    bootready(project, "prepare", "--out", str(plan))
    data = json.loads(plan.read_text())
    data["steps"] = [
        {"id": 1, "action": "WriteFile", "arguments": {"path": "../evil", "text": "x"},
         "cause": "c", "reason": "", "after": []}
    ]  # fmt: skip
    plan.write_text(json.dumps(data))
    assert bootready(project, "apply", str(plan)) == 1
    assert not (tmp_path / "evil").exists()


def test_the_exit_code_tells_whether_there_is_something_to_do(project):
    dry = ("prepare", "--dry-run", "--detailed-exit-code")
    assert bootready(project, *dry) == 2
    assert bootready(project, "prepare") == 0
    assert bootready(project, *dry) == 0


def test_a_dry_run_plans_what_the_run_does(project, capsys):
    bootready(project, "prepare", "--dry-run", "--json")
    planned = json.loads(capsys.readouterr().out)["steps"]
    bootready(project, "prepare", "--json")
    made = json.loads(capsys.readouterr().out)["steps"]
    assert [(one["kind"], one["name"]) for one in planned] == [
        (one["kind"], one["name"]) for one in made
    ]
