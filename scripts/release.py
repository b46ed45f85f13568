#!/usr/bin/env python3
"""A checkout -> wheel, sdist and a single file in `.cache/release/dist`, checked and tried.

usage: release.py

Builds wheel and sdist, checks their metadata and contents, installs each into a clean environment
as a user would, and makes `bootready.pyz` of the wheel: one file that runs with the Python and on
the system that it was made with, as it holds what is compiled for them. Each runs
`bootready --version`, a check and `prepare`, outside the checkout. Publishes nothing. The tools are
those of `requirements/release.txt`, in an environment of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".cache" / "release"
TOOLS = WORK / "tools"
DIST = WORK / "dist"
PROJECT = """services:
  web:
    image: nginx:1.27
    secrets: [token]
secrets:
  token:
    file: ./secrets/token.txt
"""


class ReleaseError(Exception):
    """Why this must not be released."""


def main() -> int:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shutil.rmtree(DIST, ignore_errors=True)
    locked = ROOT / "requirements" / "release.txt"
    tools = make_environment(TOOLS, ["--require-hashes", "-r", str(locked)])
    run(tools, "-m", "build", "--outdir", str(DIST), str(ROOT))
    packages = sorted(DIST.iterdir())
    run(tools, "-m", "twine", "check", "--strict", *map(str, packages))
    run(tools, "-m", "check_wheel_contents", *(str(p) for p in packages if p.suffix == ".whl"))
    version = settings["project"]["version"]
    for package in packages:
        with tempfile.TemporaryDirectory() as name:
            python = make_environment(Path(name), [str(package)])
            try_out(package, [python.with_name("bootready")], version)
    single = DIST / "bootready.pyz"
    make_single(tools, next(one for one in packages if one.suffix == ".whl"), single)
    with tempfile.TemporaryDirectory() as name:
        os.environ["SHIV_ROOT"] = name  # where it unpacks itself, ~/.shiv otherwise
        try_out(single, [sys.executable, single], version)
    for package in [*packages, single]:
        size = package.stat().st_size // 1024
        print(f"{package.relative_to(ROOT)}: {size} KiB, installed and tried")
    return 0


def make_environment(place: Path, requirements: list[str]) -> Path:
    """Return the Python of an environment at `place`; pip is given `requirements`."""
    venv.create(place, with_pip=True, clear=True)
    python = place / "bin" / "python"
    run(python, "-m", "pip", "--disable-pip-version-check", "-q", "install", *requirements)
    return python


def make_single(tools: Path, wheel: Path, single: Path) -> None:
    """Make one executable file of the wheel and what it needs; same bytes for the same wheels."""
    shebang = ["-p", "/usr/bin/env python3", "--reproducible", "--compressed"]
    run(tools, "-m", "shiv", "-c", "bootready", "-o", single, *shebang, wheel)


def try_out(package: Path, program: list[str | Path], version: str) -> None:
    """Check a project with what starts the package; raises ReleaseError."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "compose.yaml").write_text(PROJECT, encoding="utf-8")
        told = output(place, *program, "--version")
        if version not in told:
            raise ReleaseError(f"{package.name}: `bootready --version` prints '{told.strip()}'")
        found = output(place, *program, "check", "--engine", "none", code=1)
        if "error[secret-file-missing]" not in found:
            raise ReleaseError(
                f"{package.name}: `bootready check` does not find the missing secret"
            )
        output(place, *program, "prepare", "--engine", "none")
        output(place, *program, "check", "--engine", "none")


def run(*words: str | Path) -> None:
    """Run a command; its failure is a ReleaseError."""
    done = subprocess.run([str(word) for word in words], check=False)
    if done.returncode:
        raise ReleaseError(f"'{' '.join(map(str, words[1:4]))}' exited with {done.returncode}")


def output(place: Path, *words: str | Path, code: int = 0) -> str:
    """Return what a command prints that must exit with `code`; raises ReleaseError."""
    done = subprocess.run(
        [str(word) for word in words], cwd=place, capture_output=True, text=True, check=False
    )
    if done.returncode != code:
        said = f"{done.stdout}{done.stderr}".strip()
        raise ReleaseError(f"'{' '.join(map(str, words))}' exited with {done.returncode}: {said}")
    return done.stdout


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ReleaseError as error:
        sys.exit(f"release: {error}")
