"""A small project is prepared, prepared again, taken back and validated, by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.cli import run

COMPOSE = """\
services:
  web:
    image: bootready.local/busybox:1
    command: [sleep, "${SECONDS_TO_SLEEP}"]
    user: "0"
    secrets: [pw, slack_webhook]
    volumes:
      - type: bind
        source: ./data/web
        target: /data
        bind: {create_host_path: false}
secrets:
  pw: {file: ./secrets/pw.txt}
  slack_webhook: {file: ./secrets/slack_webhook}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "a shop"
    directory.mkdir()
    (directory / "compose.yaml").write_text(COMPOSE)
    (directory / ".env.example").write_text("# how long\nSECONDS_TO_SLEEP=9\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    return directory


def tree(directory: Path) -> dict[str, tuple]:
    found = {}
    for path in sorted(directory.rglob("*")):
        fact = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(directory))] = (fact.st_mode, fact.st_uid, content)
    return found


def prepare(project: Path, *more: str) -> int:
    return run(["prepare", "-C", str(project), "--engine", "none", *more])


def test_prepare_makes_what_is_missing_and_a_second_run_nothing(project, capsys):
    assert prepare(project) == 0
    shown = capsys.readouterr()
    assert (project / ".env").read_text() == "# how long\nSECONDS_TO_SLEEP=9\n"
    assert (project / "data/web").is_dir()
    value = (project / "secrets/pw.txt").read_text()
    assert value not in shown.out + shown.err
    assert "'./secrets/slack_webhook' is a placeholder" in shown.out
    before = tree(project)
    assert prepare(project) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert tree(project) == before


def test_a_dry_run_and_validate_change_nothing(project, capsys):
    before = tree(project)
    assert prepare(project, "--dry-run") == 0
    assert "./secrets/pw.txt" in capsys.readouterr().out
    assert run(["validate", "-C", str(project)]) == 0
    assert tree(project) == before


def test_undo_leaves_the_tree_as_before(project):
    before = tree(project)
    prepare(project)
    assert run(["undo", "-C", str(project)]) == 0
    assert tree(project) == before


def test_only_secrets_are_made_when_asked(project):
    assert prepare(project, "--only", "secrets") == 0
    assert (project / "secrets/pw.txt").exists()
    assert not (project / ".env").exists()


def test_an_unknown_kind_is_a_usage_error(project):
    assert prepare(project, "--only", "wishes") == 2
