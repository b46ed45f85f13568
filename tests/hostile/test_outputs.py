"""Every command in every format, over a project whose names are hostile.

The commands and formats are those of the command line itself: a new one fails until it is added.
"""

import contextlib
import re

import pytest

from bootready import cli
from bootready.cli.report import FORMATS as REPORTS
from bootready.report.formats.render import FORMATS

ENGINE_NONE = ("--engine", "none")
RUNS = {
    "check": [("--format", name, *ENGINE_NONE) for name in FORMATS] + [("-v", *ENGINE_NONE)],
    "report": [("--format", name, *ENGINE_NONE) for name in REPORTS],
    "prepare": [("--dry-run",), ("--dry-run", "--json")],
    "fix": [(), ("--json",)],
    "undo": [("--dry-run",)],
    "certs": [(), ("--json",)],
    "secrets": [ENGINE_NONE, ("--json", *ENGINE_NONE)],
    "validate": [(), ("-v",)],
    "status": [(), ("--json",)],
    "diagnose": [(), ("--json",)],
    "bundle": [("--list",)],
    "explain": [("services.a",), ("services.a", "--json"), ("services.a.command",), ("PW",)],
    "runbook": [()],
    "up": [("--dry-run",)],
    "apply": [("nothing.json",)],
    "checks": [(), ("--json",)],
    "config": [()],
}
"""Arguments for each command. Nothing of it needs an engine; without one, some end in an error."""

HOSTILE = """name: inj
services:
  a:
    image: "debian:bookworm-slim"
    command: [echo, "\\e[2J", "x\\n::stop-commands::t"]
    env_file: ["./e\\e[2Jnv\\n::add-mask::x"]
    volumes: ["./v\\e[1;1Hok\\nready: no findings:/x", "./<img src=x onerror=alert(1)>:/y"]
    ports: ["80:80", "80:81"]
    secrets: [s, t]
    healthcheck: {test: ["CMD-SHELL", "echo \\e[2J$FOO </script><script>alert(1)</script>"]}
    labels: {"<script>alert(1)</script>": "</script><script>alert(2)</script>", "l\\e[2J": "x"}
    environment: {"E\\e[2J": "v", "U": "\\u202eabc", "V": "\\u009b2J\\u2028##vso[task.x]"}
secrets:
  s: {file: "./s\\e[2J\\n::warning::PWNED2"}
  t: {file: "./t\\u202etxt.exe"}
"""

UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]")
COMMAND = re.compile(r"^\s*(?:::(?:stop-commands|add-mask|warning|error file=x)::)", re.MULTILINE)


def every_run():
    return [
        pytest.param(command, words, id=" ".join((command, *words)))
        for command, runs in RUNS.items()
        for words in runs
    ]


def written(capsys, directory, command, words):
    arguments = [command, *words]
    if command != "checks":
        arguments += ["-C", str(directory)]
    with contextlib.suppress(SystemExit):
        cli.run(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.out or said.err
    return said.out + said.err


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def test_every_command_is_covered():
    assert set(RUNS) == set(cli.COMMANDS)


@pytest.mark.parametrize(("command", "words"), every_run())
def test_hostile_names_steer_neither_terminal_nor_log(command, words, tmp_path, capsys):
    (tmp_path / "compose.yaml").write_text(HOSTILE, encoding="utf-8")
    text = written(capsys, tmp_path, command, words)
    if command == "config":
        text = text.replace("\x85", "")
    assert UNSAFE.search(text) is None
    assert COMMAND.search(text) is None
    assert "\nready: no findings:/x" not in text
    if "html" in words:
        assert "<script>alert" not in text
        assert "<img" not in text
