#!/usr/bin/env python3
"""A checkout -> `.venv` with bootready and what it needs; says what it installs, once.

usage: setup.py environment | runtime | dev | compose
  environment  Python and pip, nothing else
  runtime      bootready itself, editable, with compiled bytecode
  dev          runtime, and the programs of `make ci`, as `requirements/dev.txt` locks them
  compose      a Docker Compose in .venv where this machine has none

Runs before the virtual environment exists, hence the standard library only. Nothing is done twice:
a stamp named after the hash of what was asked for stands in .venv.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - runs in whatever the machine calls python3
    this = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"setup: Python 3.11 or later is needed, this is {this}: PYTHON=python3.X ...")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKED = ROOT / "requirements"


class SetupError(Exception):
    """What stopped the set-up, in words for the person."""


def prepare(what: str) -> None:
    """Make `.venv` hold what `what` names; raises SetupError."""
    ensure_environment()
    if what == "environment":
        return
    if what == "compose":
        if not _has_compose():
            say("setup: no Docker Compose on this machine, installing one into .venv")
            _pip("install", "--require-hashes", "-r", str(LOCKED / "compose-v5.txt"))
        return
    stamp = _stamp(what)
    if not stamp.exists():
        say(f"setup: installing bootready ({what}) into .venv ...")
        _quicken()
        if what == "dev":
            # All that is needed stands in the file, and nothing else is to be installed.
            _pip("install", "--no-deps", "--require-hashes", "-r", str(LOCKED / "dev.txt"))
            _pip("install", "--no-deps", "--no-build-isolation", "--editable", ".")
            _stamp("runtime").touch()  # which is a part of it
        else:
            _pip("install", "--editable", ".")
        stamp.touch()
    # Compiled even where PYTHONDONTWRITEBYTECODE is set: every start would compile again.
    _run([str(PYTHON), "-m", "compileall", "-q", "src/bootready"])


def _stamp(what: str) -> Path:
    """Return the file that says that `what` is installed as it is asked for now."""
    asked = (ROOT / "pyproject.toml").read_bytes()
    asked += (LOCKED / "dev.txt").read_bytes() if what == "dev" else b""
    return VENV / f".{what}-{hashlib.sha256(asked).hexdigest()[:12]}"


def say(line: str) -> None:
    """Print one line of progress."""
    print(line, file=sys.stderr, flush=True)


def ensure_environment() -> None:
    """Make `.venv` exist with pip in it; raises SetupError."""
    # `pip --version` says the same after half a second, at each `make`.
    if PYTHON.exists() and _run([str(PYTHON), "-c", "import pip"]).returncode == 0:
        return
    say("setup: creating .venv")
    made = _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode != 0 and _may_install():
        # Debian keeps ensurepip in a package of its own.
        say("setup: installing python3-venv (Debian keeps it apart)")
        install_packages("python3-venv")
        made = _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode != 0:
        _without_ensurepip()


def _quicken() -> None:
    """Take out of `.venv` what every start of bootready would load; no matter if it stays.

    The program file that pip writes loads `re` up to pip 25, a fifth of what `config` costs;
    the setuptools that Python 3.11 puts into an environment has a `.pth` file of its own.
    """
    for arguments in (
        ("install", "--require-hashes", "-r", str(LOCKED / "pip.txt")),
        ("uninstall", "--yes", "setuptools"),
    ):
        with suppress(SetupError):
            _pip(*arguments)


def _without_ensurepip() -> None:
    bare = _run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])
    if bare.returncode != 0:
        raise SetupError(f"no virtual environment: {_last_line(bare)}")
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "pip"]
    if _run(pip).returncode != 0:
        raise SetupError("no pip for .venv: install the package python3-venv")


def install_packages(*names: str) -> None:
    """Install packages of this Debian or Ubuntu; as root only. Raises SetupError."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names]
    done = subprocess.run(install, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        subprocess.run(["apt-get", "update", "-q"], capture_output=True, check=False)
        done = subprocess.run(install, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"apt-get could not install {' '.join(names)}: {_last_line(done)}")


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _has_compose() -> bool:
    candidates = (["docker", "compose"], ["docker-compose"], [str(VENV / "bin/docker-compose")])
    return any(
        shutil.which(command[0]) is not None and _run([*command, "version"]).returncode == 0
        for command in candidates
    )


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-q", *arguments]
    done = _run(command)
    if done.returncode != 0:
        raise SetupError(f"pip {arguments[0]} failed\n{done.stderr.strip()[-2000:]}")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    return ((done.stderr or done.stdout).strip().splitlines() or ["no output"])[-1]


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    if len(arguments) != 1 or arguments[0] not in {"environment", "runtime", "dev", "compose"}:
        say("usage: setup.py environment | runtime | dev | compose")
        return 2
    try:
        prepare(arguments[0])
    except SetupError as error:
        say(f"setup: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
