"""Every command of the command line -> arguments that make it do its work, for tests over all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootready.cli import COMMANDS, HIDDEN

ARGUMENTS: Mapping[str, Sequence[Sequence[str]]] = {
    "check": ([], ["--format", "sarif"], ["--format", "gitlab"]),
    "prepare": ([], ["--dry-run"]),
    "apply": (["plan.json"],),
    "undo": (["--dry-run"],),
    "certs": ([],),
    "secrets": ([], ["rotate", "token", "--yes"]),
    "fix": ([], ["--apply"]),
    "baseline": ([],),
    "validate": ([], ["--format", "sarif"]),
    "up": (["--timeout", "5"], ["--timeout", "5", "--no-check", "--no-prepare"]),
    "down": ([], ["--target", "swarm", "--timeout", "1"]),
    "status": ([],),
    "diagnose": ([],),
    "bundle": (["--list"],),
    "config": ([],),
    "explain": (["service-undefined"], ["TAG"], ["image", "postgres:18"], ["log", "-"]),
    "stack": ([], ["--json"]),
    "images": ([], ["--engine", "none"]),
    "report": ([], ["--format", "json"]),
    "runbook": ([],),
    "checks": ([],),
    "completion": (["bash"],),
    "lsp": ([],),
    "mcp": ([],),
    "serve": (["-f", "absent.yaml"],),  # it has no end of its own; tests/page has it at work
    "plugin": ([],),
    "version": ([],),
    "compose": (["up", "web"],),
    "docker": (["docker-cli-plugin-metadata"], ["bootready", "check"]),
    "names": (["services"], ["anything"]),
}
"""Several ways of one command: what is true of one may be false of another."""


def command_lines() -> list[list[str]]:
    """Return the command lines; a command that is missing above fails the tests that ask."""
    names = {*COMMANDS, *HIDDEN}
    assert names == set(ARGUMENTS), f"say how to run {names ^ set(ARGUMENTS)}"
    return [[name, *words] for name, ways in ARGUMENTS.items() for words in ways]


def start(
    arguments: Sequence[str], directory: Path, environ: Mapping[str, str], **options: object
) -> subprocess.Popen[bytes]:
    """Start bootready in `directory`, with nothing in its environment but `environ` and a PATH."""
    plain = {"PATH": os.environ["PATH"], "HOME": str(directory), "LC_ALL": "C.UTF-8"}
    pipe = subprocess.PIPE
    settings = {"stdin": subprocess.DEVNULL, "stdout": pipe, "stderr": pipe}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "bootready", *arguments],
        cwd=directory,
        env={**plain, **environ},
        **{**settings, **options},  # type: ignore[call-overload]
    )
