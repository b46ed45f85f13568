"""Each repair changes the stretch of text that is wrong, and nothing else of file or model."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from bootready import pipeline
from bootready.cli import run
from bootready.model.node import plain
from bootready.model.request import Request

HEAD = """\
# the shop
services:
  db: &db
    image: 'postgres:16'   # keep
"""
TAIL = """\
secrets:
  db_password: {file: ./pw}
"""


def fixed(directory: Path, text: str, *more: str) -> str:
    """The Compose file after `fix --apply`; a second run must find nothing."""
    path = directory / "compose.yaml"
    path.write_text(text)
    assert run(["fix", "-C", str(directory), "--apply", *more]) == 0
    after = path.read_text()
    assert run(["fix", "-C", str(directory), "--detailed-exit-code", *more]) == 0
    assert path.read_text() == after
    return after


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        pytest.param("    secrets: [db_pasword]\n", "    secrets: [db_password]\n", id="a typo"),
        pytest.param("    secrets: [db-password]\n", "    secrets: [db_password]\n", id="a dash"),
        pytest.param(
            "    secrets:\n      - {source: 'dbpassword', target: a}  # no\n",
            "    secrets:\n      - {source: 'db_password', target: a}  # no\n",
            id="in long syntax",
        ),
        pytest.param(
            "    healthcheck:\n      test: [pg_isready, -U, bob]\n",
            "    healthcheck:\n      test: [CMD, pg_isready, -U, bob]\n",
            id="a healthcheck without CMD",
        ),
        pytest.param(
            '    healthcheck:\n      test: ["pg_isready -U bob"]\n',
            '    healthcheck:\n      test: ["CMD-SHELL", "pg_isready -U bob"]\n',
            id="a healthcheck that is one command line",
        ),
        pytest.param(
            "    healthcheck:\n      test:\n        - pg_isready\n        - -q\n",
            "    healthcheck:\n      test:\n        - CMD\n        - pg_isready\n        - -q\n",
            id="a healthcheck as a block",
        ),
    ],
)
def test_a_repair_changes_one_stretch(tmp_path, wrong, right):
    assert fixed(tmp_path, HEAD + wrong + TAIL) == HEAD + right + TAIL


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('version: "3.8"\n\n' + HEAD, HEAD),
        ("# a\nversion: '2'  # old\n" + HEAD, "# a\n# old\n" + HEAD),
        (HEAD + "\nversion: 3\n", HEAD + "\n"),
    ],
)
def test_an_obsolete_version_goes_and_comments_stay(tmp_path, before, after):
    assert fixed(tmp_path, before) == after


def test_a_name_that_may_mean_two_things_is_left_alone(tmp_path):
    text = HEAD + "    secrets: [db_passwort]\n" + TAIL + "  db_passwords: {file: ./b}\n"
    assert fixed(tmp_path, text, "--unsafe") == text


def test_a_guess_is_made_only_on_request(tmp_path):
    text = (
        HEAD + "  web:\n    image: web\n    depends_on:\n"
        "      db: {condition: service_healthy}   # wait\n"
    ).replace("    image: 'pos", "    healthcheck: {disable: true}\n    image: 'pos")
    assert fixed(tmp_path, text) == text
    expected = text.replace("service_healthy", "service_started")
    assert fixed(tmp_path, text, "--unsafe") == expected


def test_a_mounted_script_gets_its_line_ends_and_its_exec_bit(tmp_path, capsys):
    script = tmp_path / "run.sh"
    script.write_bytes(b"#!/bin/sh\r\necho hi\r\n")
    script.chmod(0o640)
    text = HEAD + "    volumes: ['./run.sh:/run.sh']\n    entrypoint: [/run.sh]\n"
    assert fixed(tmp_path, text) == text
    assert script.read_bytes() == b"#!/bin/sh\necho hi\n"
    assert stat.S_IMODE(script.stat().st_mode) == 0o750
    assert (tmp_path / ".gitattributes").read_text() == "*.sh text eol=lf\n"
    assert "old mode 100644\nnew mode 100755" in capsys.readouterr().out


def test_an_anchor_that_two_services_share_is_repaired_once(tmp_path):
    text = HEAD + "    command: [sh, -c, 'echo $WORD']\n    environment: {WORD: a}\n"
    text += "  other:\n    <<: *db\n"
    assert "WORD" not in os.environ
    assert fixed(tmp_path, text, "--unsafe") == text.replace("$WORD", "$$WORD")


def test_a_repair_that_would_change_more_is_withdrawn_and_the_others_are_made(tmp_path, capsys):
    """`x-word` is used by the label too, where nobody asked for the change."""
    text = (
        "version: '3'\nx-word: &word 'echo $WORD'\n" + HEAD.replace("# the shop\n", "")
        + "    environment: {WORD: a}\n    healthcheck: {test: *word}\n    labels: {a: *word}\n"
    )  # fmt: skip
    expected = text.removeprefix("version: '3'\n")
    assert fixed(tmp_path, text) == expected
    assert "withdrawn: " in capsys.readouterr().err


def test_the_example_gets_a_comment_that_tells_the_use(tmp_path):
    (tmp_path / ".env.example").write_text("A=1")
    fixed(tmp_path, HEAD + "    environment: {B: '${TAG}'}\n")
    expected = "A=1\n# TAG, for services.db.environment.B\n# TAG=\n"
    assert (tmp_path / ".env.example").read_text() == expected


def test_a_document_that_is_not_there_approves_nothing(tmp_path, capsys):
    (tmp_path / "bootready.toml").write_text('[approval]\ndocument = "spec.md"\n')
    text = "version: '3'\n" + HEAD
    (tmp_path / "compose.yaml").write_text(text)
    assert run(["fix", "-C", str(tmp_path), "--apply"]) == 1
    assert "'spec.md' does not exist, so nothing is written" in capsys.readouterr().err
    assert (tmp_path / "compose.yaml").read_text() == text


def test_git_is_told_to_ignore_secrets_and_to_keep_line_ends(tmp_path):
    """As `git status` and `git check-attr` say afterwards."""
    (tmp_path / "pw").write_text("x")
    (tmp_path / "run.sh").write_text("#!/bin/sh\n")
    text = HEAD + "    secrets: [db_password]\n    volumes: ['./run.sh:/run.sh:ro']\n" + TAIL
    (tmp_path / "compose.yaml").write_text(text)

    def git(*words: str) -> str:
        command = ["git", "-C", str(tmp_path), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    git("add", "run.sh", "compose.yaml")
    assert fixed(tmp_path, text) == text
    assert (tmp_path / ".gitignore").read_text() == "/pw\n"
    assert "?? pw" not in git("status", "--porcelain")
    assert git("check-attr", "eol", "run.sh").endswith("eol: lf\n")


def test_a_repetition_in_an_included_file_goes_and_what_it_has_of_its_own_stays(tmp_path):
    """As both versions of Compose take it; see the table of include forms in the ground truth."""
    (tmp_path / "sub").mkdir()
    included = tmp_path / "sub" / "compose.yaml"
    included.write_text(
        "services:\n  a:\n    image: x\n    secrets: [pw, own]\n    networks: [core]\n"
        "# kept\nsecrets:\n  pw:\n    external: true\n  own:\n    file: ./own  # stays\n\n"
        "networks:\n  core: {external: true}\n"
    )
    root = "include: [sub/compose.yaml]\nsecrets:\n  pw: {file: ./pw}\nnetworks:\n  core: {}\n"
    assert fixed(tmp_path, root) == root
    assert included.read_text() == (
        "services:\n  a:\n    image: x\n    secrets: [pw, own]\n    networks: [core]\n"
        "# kept\nsecrets:\n  own:\n    file: ./own  # stays\n\n"
    )
    model = plain(pipeline.load(Request(directory=str(tmp_path)), {}).model)
    assert "external" not in str(model)


@pytest.mark.parametrize(
    ("second", "kept", "code"),
    [
        ("    restart: always\n", "", 0),
        ("    restart: always\n    # again\n", "    # again\n", 0),
        ("    restart: 'no'\n", "    restart: 'no'\n", 2),
    ],
)
def test_a_line_that_a_service_says_twice_goes(tmp_path, second, kept, code):
    """Compose refuses to read the file; another value is a person's choice."""
    head = "services:\n  db:\n    image: 'postgres:17'\n    restart: always\n    init: true\n"
    file = tmp_path / "compose.yaml"
    version = "version: '3'\n"
    file.write_text(f"{version}{head}{second}    tty: true\n")
    assert run(["fix", "-C", str(tmp_path), "--apply"]) == code
    assert file.read_text() == f"{version if code else ''}{head}{kept}    tty: true\n"
