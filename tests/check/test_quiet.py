"""One cause is one finding, nothing of it is left out where programs read, and taste is a note."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.cli import run
from bootready.engine.recorded import RecordedEngine
from bootready.host.local import LocalHost
from bootready.model.finding import Severity
from bootready.model.request import Request

ENGINE = {"version": "28.5.1", "cpus": 8, "memory": 8 * 1024**3, "compose": "5.6.1", "images": {}}


def found(directory: Path, text: str, check_id: str):
    """The findings of one check about a project, on an engine without images."""
    (directory / "compose.yaml").write_text(text)
    project = pipeline.load(Request(directory=str(directory)), {})
    context = Context(project, LocalHost(), RecordedEngine(ENGINE))
    verdict = pipeline.check(Evidence(context, {}), only=[check_id])
    return verdict.findings


NAMES = [f"PASS_{number}" for number in range(30)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["-v"],
        *(
            ["--format", form]
            for form in ("json", "sarif", "junit", "markdown", "github", "gitlab")
        ),
    ],
    ids=lambda arguments: arguments[-1],
)
def test_what_is_rolled_up_names_everything_where_it_is_asked_for(tmp_path, capsys, arguments):
    lines = "".join(f"      V{number}: ${{{name}}}\n" for number, name in enumerate(NAMES))
    text = f"services:\n  a:\n    image: busybox\n    environment:\n{lines}"
    (tmp_path / "compose.yaml").write_text(text)
    run(["check", "-C", str(tmp_path), "--engine", "none", *arguments])
    printed = capsys.readouterr().out
    assert [name for name in NAMES if name not in printed] == []


def test_a_screen_names_the_first_ones_and_counts_the_others(tmp_path, capsys):
    lines = "".join(f"      V{number}: ${{{name}}}\n" for number, name in enumerate(NAMES))
    text = f"services:\n  a:\n    image: busybox\n    environment:\n{lines}"
    (tmp_path / "compose.yaml").write_text(text)
    run(["check", "-C", str(tmp_path), "--engine", "none"])
    printed = capsys.readouterr().out
    assert "'PASS_6' and 23 more" in printed
    assert "PASS_29" not in printed


def test_absent_images_are_one_note_without_those_that_the_project_builds(tmp_path):
    text = """\
services:
  builder: {build: ., image: own}
  tags: {build: {context: ., tags: ["second:1"]}}
  app: {image: "own:latest", pull_policy: never}
  other: {image: "second:1"}
  never: {image: "gone:1", pull_policy: never}
""" + "".join(f"  s{number}: {{image: 'public:{number}'}}\n" for number in range(5))
    (note,) = found(tmp_path, text, "image-absent")
    assert note.severity is Severity.NOTE
    names = ", ".join(f"'public:{number}'" for number in range(4))
    assert note.message == f"project: images {names} and 'public:4' are not on this machine"
    assert note.brief == "project: images 'public:0', 'public:1' and 3 more are not on this machine"
    assert note.places == 5
    (error,) = found(tmp_path, text, "image-never-pulled")
    assert "'gone:1'" in error.message


def test_directories_outside_the_project_are_one_finding_with_one_remedy(tmp_path):
    inside = tmp_path / "project"
    inside.mkdir()
    mounts = "".join(f"      - /nowhere-of-a-test/{name}:/{name}\n" for name in "abcde")
    text = f"services:\n  a:\n    image: x\n    volumes:\n{mounts}      - ./in:/in\n"
    far, near = found(inside, text, "bind-source-missing")
    if far.message.startswith("service"):
        far, near = near, far
    assert all(f"'/nowhere-of-a-test/{name}'" in far.message for name in "abcde")
    assert far.brief.endswith("and 3 more outside it do not exist")
    assert len(far.remedy.actions) == 5
    assert near.message == "service 'a': bind source './in' does not exist"


def tracked(directory: Path, **files: str) -> None:
    for name, text in files.items():
        (directory / name.replace("env", ".env")).write_text(text)
    for words in (["init", "-q"], ["add", "-A", "-f"]):
        subprocess.run(["git", *words], cwd=directory, check=True)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("TAG=1\nPORT=8080\n", [], id="no secret"),
        pytest.param("DB_PASSWORD=postgres\nAPI_KEY=replace-me\nTOKEN=\n", [], id="none that is"),
        pytest.param("TAG=1\nDB_PASSWORD=hJ7tq2Lw9x\n\nAPI_KEY='Zk93mQ0pTr'\n", [2, 4], id="two"),
    ],
)
def test_a_tracked_env_file_is_told_of_for_its_secrets_at_their_lines(tmp_path, text, lines):
    tracked(tmp_path, env=text)
    findings = found(tmp_path, "services: {a: {image: 'x:${TAG-1}'}}\n", "secret-tracked-by-git")
    places = [place for one in findings for place in (one.primary, *one.related)]
    assert [place.span.line for place in places] == lines
    for one in findings:
        assert "git rm" not in one.hint, "a clone has the other variables from nowhere else"
        assert "hJ7tq2Lw9x" not in str(one)


def test_a_redis_without_data_needs_no_kernel_setting(tmp_path):
    check_id = "kernel-setting-too-low"
    assert not found(tmp_path, "services: {a: {image: 'redis:8'}}\n", check_id)


@pytest.mark.parametrize(
    ("check_id", "text", "severity"),
    [
        ("service-without-healthcheck", "{image: x, restart: always}", Severity.NOTE),
        ("one-shot-unawaited", "{image: x, command: ['true']}", Severity.WARNING),
    ],
)
def test_what_boots_is_no_error(tmp_path, check_id, text, severity):
    (one,) = found(tmp_path, f"services: {{a: {text}}}\n", check_id)
    assert one.severity is severity
