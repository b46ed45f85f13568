"""The documents of this repository -> their commands, and a fresh clone in which to run them.

A fence of language `sh` holds commands. A comment right above it says how they are run:
``<!-- run: engine -->`` on a Docker Engine, ``<!-- break: NAME -->`` above everything of a failure,
``<!-- not run: reason -->`` not at all. Without a comment: in a fresh clone, without an engine.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
RUNBOOK = ROOT / "runbooks/core/infra-bootstrap-runbook.md"
COMMENT = re.compile(r"^<!-- (run|not run|break|output of): *(.*?) *-->$")
# What the make that runs the tests would hand to a make in a document, its ARGS among it.
OUTER_MAKE = ("ARGS", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS")
FENCE = re.compile(r"^( *)```(\w*)$")


class Block(NamedTuple):
    """One fence; `how` and `words` are those of the comment above it, `heading` the nearest one."""

    document: str
    line: int
    language: str
    text: str
    how: str
    words: str
    heading: str


def documents(root: Path = ROOT) -> list[Path]:
    """Return every document that people read, but for those of fixtures."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted(name for name in listed.stdout.split("\n") if name)
    return [root / n for n in names if not n.startswith("tests/") and (root / n).exists()]


def blocks(path: Path) -> list[Block]:
    """Return the fences of a document, in order."""
    found: list[Block] = []
    how = words = heading = broken = ""
    language, start, body = "", 0, list[str]()
    inside = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        comment = COMMENT.match(line.strip())
        if inside and fence and not fence[2]:
            kind, said = (how, words) if how else ("break", broken) if broken else ("", "")
            text = "\n".join(body)
            found.append(Block(path.name, start, language, text, kind, said, heading))
            inside, how, words = False, "", ""
        elif inside:
            body.append(line.strip() if line.startswith("  ") and language == "sh" else line)
        elif fence:
            inside, language, start, body = True, fence[2], number, []
        elif comment and comment[1] == "break":
            broken = comment[2]
        elif comment:
            how, words = comment[1], comment[2]
        elif line.startswith("#"):
            heading, broken = line.lstrip("# "), ""
    return found


@cache
def commands() -> tuple[Block, ...]:
    """Return every fence of commands of every document."""
    fences = (block for path in documents() for block in blocks(path))
    return tuple(block for block in fences if block.language in {"sh", "bash"})


def make_clone(directory: Path) -> Path:
    """Make what `git clone` would, of the working tree, with a `.venv` that is ready and empty."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if not name or name.startswith(("src/", "tests/")) or not (ROOT / name).is_file():
            continue
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, directory / name)
    (directory / "src").symlink_to(ROOT / "src")
    _environment_of(directory)
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=directory, check=True, capture_output=True)
    return directory


def taken_ports(root: Path = ROOT) -> list[int]:
    """Return the ports of the core stack that are taken where `run_block` would look."""
    if _network_of_its_own():
        return []
    text = (root / ".env.example").read_text(encoding="utf-8")
    taken = []
    for port in map(int, re.findall(r"^\w+_PORT=(\d+)$", text, re.MULTILINE)):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                taken.append(port)
    return taken


@cache
def _network_of_its_own() -> tuple[str, ...]:
    start = ("unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
    if shutil.which("unshare") is None:
        return ()
    tried = subprocess.run([*start, "true"], capture_output=True, check=False)
    return start if tried.returncode == 0 else ()


def _environment_of(clone: Path) -> None:
    put_programs(clone)
    text = (clone / "pyproject.toml").read_text(encoding="utf-8")
    stamp = hashlib.sha256(text.encode()).hexdigest()[:12]
    (clone / ".venv" / f".runtime-{stamp}").touch()


def put_programs(directory: Path) -> None:
    """Put programs into `.venv` that run this very environment on these very sources."""
    programs = directory / ".venv" / "bin"
    programs.mkdir(parents=True)
    start = f'#!/bin/sh\nPYTHONPATH="{ROOT}/src" exec "{sys.executable}" '
    for name, words in (("python", '"$@"'), ("bootready", '-m bootready "$@"')):
        (programs / name).write_text(f"{start}{words}\n")
        (programs / name).chmod(0o755)


def run_block(
    text: str,
    clone: Path,
    extra: Mapping[str, str] | None = None,
    *,
    check: bool = True,
    apart: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run commands in the clone as a person would, in a home and a network of its own if it may be.

    Other stacks on this machine are then not in the way; without `apart` the network is the
    machine's.
    """
    home = clone.parent / f"{clone.name}-home"
    home.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "HOME": str(home),
        "PATH": f"{clone}/.venv/bin{os.pathsep}{os.environ['PATH']}",
        "PYTHON": sys.executable,
        **(extra or {}),
    }
    for name in ("CAROOT", "XDG_DATA_HOME", "XDG_STATE_HOME", "PYTHONPATH", *OUTER_MAKE):
        environment.pop(name, None)
    done = subprocess.run(
        [*(_network_of_its_own() if apart else ()), "bash", "-eu", "-o", "pipefail", "-c", text],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{text}\nexit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done
