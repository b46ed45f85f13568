"""Every command in every format, over projects whose every name is hostile: nothing is forged."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bootready import cli
from every_output import RUNS, every_run, written
from hostile_names import COMMAND, FILE, FORGED, MARKDOWN_CODE, NAME, REFUSED, TAG, UNSAFE, plant

AS_COMPOSE_PRINTS = {"config"}
"""Prints the model byte for byte as Compose does, which keeps marks of the direction of writing."""
MARKS = str.maketrans("", "", "\x7f\x85\x9b\u200f\u202e\u2066\ufeff")


MARKDOWN = {"markdown", "runbook"}
COLOUR = re.compile(r"\x1b\[(?:0|1|2|3[1-6](?:;1)?)m")
"""Those of ours, where they are asked for; names hold other sequences."""
TOLD = re.compile(r"^bootready: .*", re.MULTILINE)
"""A line on standard error, which is not Markdown."""


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("BOOTREADY_COMPOSE", "/bin/true")


def judge(text: str, command: str, words: tuple[str, ...] = ()) -> None:
    """Fail if anything in `text` steers a screen, begins a line, or is a command or a tag."""
    plain = text.translate(MARKS) if command in AS_COMPOSE_PRINTS else text
    if "--color" in words:
        plain = COLOUR.sub("", plain)
    assert UNSAFE.search(plain) is None, context(UNSAFE, plain)
    assert FORGED.search(plain) is None, context(FORGED, plain)
    if command not in AS_COMPOSE_PRINTS:
        assert COMMAND.search(plain) is None, context(COMMAND, plain)
    is_page = plain.startswith(("<!doctype", "<svg"))
    if is_page or (MARKDOWN & {command, *words} and "--check" not in words):
        tags = plain if is_page else MARKDOWN_CODE.sub("", TOLD.sub("", plain))
        assert TAG.search(tags) is None, context(TAG, tags)


def context(pattern, text: str) -> str:
    found = pattern.search(text)
    return ascii(text[max(0, found.start() - 200) : found.end() + 60])


@pytest.mark.parametrize(("command", "words"), every_run())
def test_names_of_the_model_steer_neither_terminal_nor_log(tmp_path, command, words):
    directory = tmp_path / "project"
    plant(directory)
    judge(written(directory, command, words), command, words)


def test_the_hostile_project_can_be_loaded(tmp_path):
    """Or the test above would see nothing but why it cannot."""
    plant(tmp_path / "project")
    assert cli.run(["config", "-q", "-C", str(tmp_path / "project")]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_names_in_what_is_refused_steer_nothing_either(tmp_path, number):
    for place, (command, words) in enumerate(FEW):
        directory = tmp_path / str(place) / "project"
        plant(directory, REFUSED[number])
        judge(written(directory, command, words), command, words)


FEW = [
    *(("check", words) for words in RUNS["check"] if "--output" not in words),
    *(("report", words) for words in RUNS["report"] if "-o" not in words),
    ("validate", ()),
    ("config", ()),
    ("config", ("--services",)),
    ("fix", ("--unsafe",)),
    ("prepare", ("--dry-run",)),
    ("prepare", ()),
    ("runbook", ("--language", "en", "-o", "{out}")),
    ("bundle", ("-o", "{out}")),
    ("explain", ("services.a",)),
    ("secrets", ()),
    ("status", ()),
]


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(RUNS))
def test_names_of_files_and_directories_steer_nothing(tmp_path, monkeypatch, command):
    """In the path of the project, of its files, and of what the project is told to write."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / FILE))
    for number, words in enumerate(RUNS[command]):
        directory = tmp_path / str(number) / FILE / "project"
        plant(directory)
        judge(written(directory, command, words), command, words)


@pytest.mark.parametrize("command", sorted({*RUNS} - {"checks", "compose", "serve"}))
def test_names_on_the_command_line_steer_nothing(tmp_path, command):
    """CI puts names of branches and of changed files there."""
    bad = NAME.replace("\x00", "")
    options = ("-f", "--env-file", "--profile", "-p", "--project-directory", "--only", "--format")
    lines = [(option, bad) for option in (*options, "-o", "--output", "--section", "--language")]
    for number, words in enumerate([*lines, (bad,), (f"--{bad}",), ("--output", f"json={bad}")]):
        directory = tmp_path / str(number) / "project"
        plant(directory, "services: {a: {image: x}}")
        judge(written(directory, command, words), command, words)


def test_an_unknown_command_steers_nothing(tmp_path, capsys):
    cli.run([NAME.replace("\x00", "")])
    said = capsys.readouterr()
    judge(said.out + said.err, "check")


def test_names_of_repairs_and_of_what_git_keeps_steer_nothing(tmp_path):
    """`fix` prints the names of files as headers of a diff, and the lines around a repair."""
    directory = tmp_path / "project"
    script = f"{FILE}.sh"
    plant(directory, "services: {a: {image: x, volumes: ['./scripts:/s'], entrypoint: @}}")
    (directory / "scripts").mkdir()
    (directory / "scripts" / script).write_bytes(b"#!/bin/sh\r\n::stop-commands::t\r\n\x1b[2J\r\n")
    subprocess.run(["git", "init", "-q"], cwd=directory, check=True)
    subprocess.run(["git", "add", "-A"], cwd=directory, check=True)
    for words in RUNS["fix"]:
        judge(written(directory, "fix", words), "fix", words)
        for path in Path(tmp_path / "out").iterdir():
            path.unlink()
        (tmp_path / "out").rmdir()
