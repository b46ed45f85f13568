"""What a command takes grows with the lists of a project, not with their squares.

A part of what `make scaling` measures: few sizes, and the lists that were quadratic once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SIZES = "50,100,200"
CHECKED = (
    "services in full",
    "services with a link",
    "ports in long syntax",
    "port clashes",
    "env_file",
    "env_file lines",
    ".env with references",
    "variables in one line of .env",
    "variables required",
    "lines of a command",
    "labels of the gateway",
    "binds",
    "subnets",
    "static addresses",
    "secrets of each service",
    "secrets with same_as",
    "secrets and variables",
    "secrets that are mounted too",
    "configs",
    "certificates",
    "includes",
    "paths of an include",
    "extends chain",
    "undefined bases",
    "depends_on healthy chain",
    "documents",
    "overridden services",
    "resets",
    "merge keys",
    "silences",
    "wrong types",
)
PLANNED = ("secrets with same_as", "variables required", "binds", "dollars for the shell")


def _measured(verbs: str, lists: tuple[str, ...]) -> None:
    child = Path(__file__).with_name("scaling.py")
    argv = [sys.executable, child, "--sizes", SIZES, "--verbs", verbs, "--exactly", *lists]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert done.stdout.count("\n") >= len(lists), done.stdout


@pytest.mark.slow
def test_a_check_grows_with_its_lists() -> None:
    _measured("check", CHECKED)


@pytest.mark.slow
def test_every_other_command_grows_with_its_lists() -> None:
    _measured("config,explain,fix,prepare,report,validate", PLANNED)


def test_a_square_would_be_told() -> None:
    """The measure itself: a loop within a loop, and a comprehension within one."""
    code = (
        "import json, sys, scaling\n"
        "def square(n):\n"
        "    for one in range(n):\n"
        "        sum([1 for other in range(n)])\n"
        "def line(n):\n"
        "    for one in range(n):\n"
        "        sum([1 for other in range(20)])\n"
        "found = []\n"
        "for work in (square, line):\n"
        "    scaling.cli.run = lambda argv: work(int(argv[2])) or 0\n"
        "    steps = [scaling.counted('check', str(n)).steps for n in (50, 100, 200)]\n"
        "    found.append(scaling.growth(steps))\n"
        "print(json.dumps(found))\n"
    )
    where = Path(__file__).parent
    said = subprocess.run([sys.executable, "-c", code], cwd=where, capture_output=True, check=True)
    square, line = json.loads(said.stdout)
    assert square > 3.5
    assert line < 2.1
