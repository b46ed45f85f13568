"""`bootready completion`: what real shells offer at Tab, with the script that it prints."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bootready.cli import COMMANDS, run
from bootready.cli.completion import script

COMPOSE = """\
services:
  web: {image: "nginx:${TAG:?}", secrets: [pw]}
  worker: {image: busybox, env_file: [absent.env], profiles: [jobs]}
secrets: {pw: {file: ./pw}}
"""
OFFERED = {
    "bootready valid": {"validate"},
    "bootready check --on": {"--only"},
    "bootready check --only secret-file-m": {"secret-file-missing"},
    "bootready check --only secret-empty -v w": {"web", "worker"},
    "bootready check --fail-on w": {"warning"},
    "bootready check --format sa": {"sarif"},
    "bootready check -f comp": {"compose.yaml"},
    "bootready prepare --only cert": {"certificates"},
    "bootready config --profile j": {"jobs"},
    "bootready explain TA": {"TAG"},
    "bootready explain web.im": {"web.image"},
    "bootready secrets rotate p": {"pw"},
    "bootready completion z": {"zsh"},
}
"""What is typed -> all that may be offered there."""
ONE_OF_EACH = (
    "bootready valid",
    "bootready check --on",
    "bootready check --only secret-file-m",
    "bootready check -f comp",
    "bootready config --profile j",
    "bootready explain TA",
)
"""A command, an option, a name of ours, a file, names of the project: bash is asked everything."""
IN_BASH = """\
source "$1"
while IFS= read -r asked; do
  read -ra COMP_WORDS <<<"$asked"
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
  _shtab_bootready </dev/null
  echo "$asked: ${COMPREPLY[*]}"
done
"""
IN_FISH = """\
source $argv[1]
while read -l asked
  set -l offered (complete -C $asked | string replace -r '\\t.*' '')
  echo "$asked: $offered"
end
"""


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A project, the current directory, and a PATH on which bootready is this one."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "bootready").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bootready "$@"\n')
    (programs / "bootready").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    project = tmp_path / "project"
    project.mkdir()
    (project / "compose.yaml").write_text(COMPOSE)
    monkeypatch.chdir(project)
    return tmp_path


def scripted(shell: str, place: Path) -> Path:
    """Return the file of the completion script, or skip where the shell is not installed."""
    if shutil.which(shell) is None:
        pytest.skip(f"needs the shell {shell}")
    path = place / f"completion.{shell}"
    path.write_text(script(shell))
    return path


@pytest.mark.parametrize(
    ("shell", "program"), [("bash", IN_BASH), ("fish", IN_FISH)], ids=["bash", "fish"]
)
def test_what_is_offered(shell, program, place):
    path = scripted(shell, place)
    (place / "ask").write_text(program)
    options = ["--norc"] if shell == "bash" else ["--no-config"]
    offered = OFFERED if shell == "bash" else {line: OFFERED[line] for line in ONE_OF_EACH}
    done = subprocess.run(
        [shell, *options, str(place / "ask"), str(path)],
        input="".join(f"{line}\n" for line in offered),
        env={**os.environ, "HOME": str(place)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers = dict(line.rsplit(": ", 1) for line in done.stdout.splitlines())
    assert {line: set(words.split()) for line, words in answers.items()} == offered, done.stderr


def test_zsh_completes_the_word(place):
    """Zsh completes in its line editor alone: each line is typed at a terminal."""
    path = scripted("zsh", place)
    with zsh(place) as terminal:
        (place / "functions").mkdir()
        path.rename(place / "functions" / "_bootready")
        setup = f"fpath=({place}/functions $fpath); autoload -Uz compinit; compinit -D -u"
        type_in(terminal, f"{setup}; unset zle_bracketed_paste; print re''ady\n")
        wait_for(terminal, "ready")
        for line in ONE_OF_EACH:  # each is completed to its one word
            type_in(terminal, f"{line}\t")
            wait_for(terminal, f"{line.rpartition(' ')[0]} {min(OFFERED[line])}")
            type_in(terminal, "\x15")  # Ctrl-U


class zsh:  # noqa: N801 - read as a `with` statement
    """A zsh without a person's settings at a terminal of its own; its number."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __enter__(self) -> int:
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.environ.update(HOME=str(self._home), TERM="dumb", PS1="> ", COLUMNS="200")
            os.execvp("zsh", ["zsh", "-f", "-i"])
        return self._terminal

    def __exit__(self, *_: object) -> None:
        os.close(self._terminal)
        os.waitpid(self._process, 0)


def type_in(terminal: int, text: str) -> None:
    os.write(terminal, text.encode())


def wait_for(terminal: int, text: str) -> None:
    """Read until `text` was shown; fails after a minute, with what was."""
    seen, ends = "", time.monotonic() + 60
    while text not in seen:
        assert time.monotonic() < ends, seen
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 65536).decode(errors="replace")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_knows_every_command(shell, capsys):
    assert run(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert [name for name in COMMANDS if name not in text] == []
    assert "_bootready_names" in text


def test_a_name_that_a_shell_could_run_is_not_offered(tmp_path, capsys):
    (tmp_path / "compose.yaml").write_text(
        "services:\n  web: {image: a, profiles: ['$(touch x)', 'a b', '-f', ok]}\n"
        "  '`touch x`': {image: a}\n"
    )
    names = {}
    for kind in ("services", "profiles"):
        assert run(["names", kind, "check", "-C", str(tmp_path)]) == 0
        names[kind] = capsys.readouterr().out.split("\n")
    assert names == {"services": ["web", ""], "profiles": ["ok", ""]}


def test_no_project_offers_nothing_and_says_nothing(tmp_path, capsys):
    assert run(["names", "services", "up", "--directory", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")
