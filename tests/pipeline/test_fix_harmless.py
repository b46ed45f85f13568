"""`fix` makes nothing worse: projects of public repositories that it once broke, made small."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bootready import pipeline
from bootready.cli import run
from bootready.model.node import plain
from bootready.model.request import Request
from engine_support import require_compose

EXTERNAL_TWICE = {
    "compose.yaml": """\
include: [sub/compose.yaml]
services:
  a: {image: busybox, secrets: [pw, pw2]}
secrets: {pw: {file: ./pw}, pw2: {file: ./pw2}}
""",
    "sub/compose.yaml": """\
services:
  b: {image: busybox, secrets: [pw, pw2]}
secrets:
  pw:
    external: true
  pw2:
    external: true
""",
    "pw": "x",
    "pw2": "y",
}

INCLUDE_WITH_ENV_FILE = {
    "compose.yaml": "include: [{path: sub/compose.yaml, env_file: sub/defaults.env}]\n",
    "sub/compose.yaml": """\
services:
  a:
    image: busybox
    volumes: ["${LOG_DIR}:/var/log"]
    ports: ["${PORT}:80"]
""",
    "sub/defaults.env": "LOG_DIR=./logs\nPORT=8080\n",
    "sub/logs/.keep": "",
    ".env.example": "A=1\n",
}

ENV_FILE_USES_ITSELF = {
    "compose.yaml": "services: {api: {image: busybox, env_file: [api.env]}}\n",
    "api.env.example": "POSTGRES_HOST=db\nDATABASE_URL=postgresql://u@${POSTGRES_HOST}/d\n",
    "api.env": "POSTGRES_HOST=db\nDATABASE_URL=postgresql://u@${POSTGRES_HOST}/d\n",
    ".env.example": "A=1\n",
}

ENV_FILES_NAMED = {
    "compose.yaml": "services: {a: {image: 'busybox:${TAG}'}}\n",
    "versions.env": "TAG=1\n",
    ".env.example": "A=1\n",
}

BLANK_PASSWORD = {
    "compose.yaml": """\
services:
  db: {image: "mariadb:11", environment: {MARIADB_ROOT_PASSWORD: "${DB_ROOT_PASSWORD}"}}
""",
    ".env.example": "A=1\n",
}

PROJECTS = {
    "external secrets that a section consists of": EXTERNAL_TWICE,
    "an include that brings its env file": INCLUDE_WITH_ENV_FILE,
    "an env file that uses what it sets": ENV_FILE_USES_ITSELF,
}


def written(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return directory


def model(directory: Path):
    """What the project resolves to, but for the secrets that one finding is about."""
    project = pipeline.load(Request(directory=str(directory)), {})
    assert not project.problems
    return {key: value for key, value in plain(project.model).items() if key != "secrets"}


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("files", PROJECTS.values(), ids=PROJECTS)
@pytest.mark.parametrize("verbs", [["fix"], ["prepare"], ["fix", "prepare"], ["prepare", "fix"]])
def test_the_model_stays_and_a_second_run_changes_nothing(tmp_path, files, verbs):
    directory = written(tmp_path / "project", files)
    before = model(directory)
    for verb in (*verbs, *verbs):
        more = ["--apply"] if verb == "fix" else ["--engine", "none"]
        assert run([verb, "-C", str(directory), *more]) == 0
        assert model(directory) == before
    for verb in verbs:
        more = ["--engine", "none"] if verb == "prepare" else []
        assert run([verb, "-C", str(directory), "--detailed-exit-code", *more]) == 0


@pytest.mark.compose
@pytest.mark.parametrize("major", [5, 2])
@pytest.mark.parametrize("files", PROJECTS.values(), ids=PROJECTS)
def test_compose_itself_takes_what_fix_and_prepare_wrote(tmp_path, files, major):
    command = require_compose(major).command
    directory = written(tmp_path / "project", files)
    for verb in (["fix", "--apply"], ["prepare", "--engine", "none"]):
        assert run([*verb, "-C", str(directory)]) == 0
        done = subprocess.run(
            [*command, "config", "-q"], cwd=directory, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_a_section_goes_with_its_last_entry(tmp_path):
    directory = written(tmp_path, EXTERNAL_TWICE)
    assert run(["fix", "-C", str(directory), "--apply"]) == 0
    text = (directory / "sub/compose.yaml").read_text()
    assert text == "services:\n  b: {image: busybox, secrets: [pw, pw2]}\n"


def test_a_section_whose_comment_stays_keeps_an_entry(tmp_path, capsys):
    """Without the last one it would be null, which Compose refuses."""
    files = dict(EXTERNAL_TWICE)
    files["sub/compose.yaml"] = files["sub/compose.yaml"].replace("secrets:\n", "secrets:\n  # c\n")
    directory = written(tmp_path, files)
    assert run(["fix", "-C", str(directory), "--apply"]) == 0
    assert "withdrawn: " in capsys.readouterr().err
    text = (directory / "sub/compose.yaml").read_text()
    assert text.endswith("secrets:\n  # c\n  pw2:\n    external: true\n")
    assert run(["fix", "-C", str(directory), "--detailed-exit-code"]) == 0


def findings(directory: Path, capsys) -> set[str]:
    capsys.readouterr()
    run(["check", "-C", str(directory), "--engine", "none", "--format", "json"])
    return {one["check"] for one in json.loads(capsys.readouterr().out)["findings"]}


def test_a_blank_password_is_generated_and_never_written_blank(tmp_path, capsys):
    directory = written(tmp_path, BLANK_PASSWORD)
    assert "variable-unset" in findings(directory, capsys)
    run(["fix", "-C", str(directory), "--apply"])
    assert "variable-unset" in findings(directory, capsys)
    run(["prepare", "-C", str(directory), "--engine", "none"])
    assert "variable-unset" not in findings(directory, capsys)
    lines = (directory / ".env").read_text().splitlines()
    [value] = [one for one in lines if one.startswith("DB_ROOT_PASSWORD=")]
    assert len(value.partition("=")[2]) >= 20


@pytest.mark.parametrize(
    ("files", "environ"),
    [
        pytest.param(INCLUDE_WITH_ENV_FILE, {}, id="the env file of an include"),
        pytest.param(ENV_FILE_USES_ITSELF, {}, id="an env file that uses what it sets"),
        pytest.param(
            ENV_FILES_NAMED, {"COMPOSE_ENV_FILES": "versions.env"}, id="COMPOSE_ENV_FILES"
        ),
    ],
)
def test_what_a_file_of_the_clone_sets_is_not_missing(
    tmp_path, capsys, monkeypatch, files, environ
):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = findings(written(tmp_path, files), capsys)
    assert not found & {
        "env-example-incomplete",
        "variable-unset",
        "bind-source-emptied",
        "published-port-emptied",
    }


def test_no_empty_assignment_is_added_to_an_example(tmp_path):
    directory = written(tmp_path, BLANK_PASSWORD)
    run(["fix", "-C", str(directory), "--apply"])
    name = "DB_ROOT_PASSWORD"
    added = f"# {name}, for services.db.environment.MARIADB_ROOT_PASSWORD\n# {name}=\n"
    assert (directory / ".env.example").read_text() == "A=1\n" + added


def test_an_example_of_a_repository_gets_the_line_that_it_lacks(tmp_path, capsys):
    """The proof copies the example before and after, though a link in its shadow leads to it."""
    files = {
        "compose.yaml": "services: {web: {image: busybox, env_file: .env, labels: {a: $A$B}}}\n",
        ".env.example": "A=1\n",
        ".env": "A=1\nB=2\n",
    }
    directory = written(tmp_path, files)
    subprocess.run(["git", "init", "-q", directory], check=True)
    run(["fix", "-C", str(directory), "--apply"])
    assert "withdrawn" not in capsys.readouterr().err
    assert "# B=\n" in (directory / ".env.example").read_text()


def test_what_prepare_does_is_said_once(tmp_path, capsys):
    files = {
        "compose.yaml": "services: {web: {image: busybox, env_file: ./web.env}}\n",
        "web.env.example": "A=1\n",
    }
    run(["check", "-C", str(written(tmp_path, files)), "--engine", "none"])
    lines = [line for line in capsys.readouterr().out.splitlines() if "web.env.example" in line]
    assert lines == ["   = remedy: bootready prepare    makes it from ./web.env.example"]


def test_a_use_in_an_env_file_is_named_by_its_line(tmp_path):
    files = {
        "compose.yaml": "services: {a: {image: busybox, env_file: [conf/a.env]}}\n",
        "conf/a.env": "URL=http://${NAME_OF_HOST}/\n",
        ".env.example": "A=1\n",
    }
    directory = written(tmp_path, files)
    run(["fix", "-C", str(directory), "--apply"])
    assert "# NAME_OF_HOST, for ./conf/a.env:1\n" in (directory / ".env.example").read_text()


EXAMPLE_EMPTIES_INCLUDE = {
    **INCLUDE_WITH_ENV_FILE,
    ".env.example": "# where logs go\nLOG_DIR=\nA=1\n",
}

EXAMPLE_EMPTIES_ENV_FILE = {
    "compose.yaml": "services: {api: {image: busybox, env_file: [api.env]}}\n",
    "api.env.example": "POSTGRES_HOST=db\nURL=postgresql://u@${POSTGRES_HOST}/d\n",
    ".env.example": "POSTGRES_HOST=\nA=1\n",
}

EXAMPLE_BREAKS = {
    "compose.yaml": "services: {a: {image: b, ports: ['${PORT-80}:80'], volumes: [./d:/d]}}\n",
    ".env.example": "PORT=none\n",
}


@pytest.mark.parametrize(
    ("files", "copied"),
    [
        (EXAMPLE_EMPTIES_INCLUDE, "# where logs go\n# LOG_DIR=\nA=1\n"),
        (EXAMPLE_EMPTIES_ENV_FILE, "# POSTGRES_HOST=\nA=1\n"),
    ],
)
def test_a_copied_example_does_not_empty_what_another_file_sets(tmp_path, files, copied):
    directory = written(tmp_path / "project", files)
    for _ in range(2):
        assert run(["prepare", "-C", str(directory), "--engine", "none"]) == 0
        assert (directory / ".env").read_text() == copied
    assert "URL" not in str(files) or "u@db/d" in str(model(directory))


def test_an_example_that_compose_refuses_is_not_copied_and_the_rest_is_made(tmp_path, capsys):
    directory = written(tmp_path / "project", EXAMPLE_BREAKS)
    for _ in range(2):
        assert run(["prepare", "-C", str(directory), "--engine", "none"]) == 0
        assert "withdrawn: file './.env' does not exist" in capsys.readouterr().err
        assert not (directory / ".env").exists()
        assert (directory / "d").is_dir()
        assert model(directory)
