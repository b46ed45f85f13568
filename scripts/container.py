#!/usr/bin/env python3
"""A checkout -> the image of `integrations/container/Dockerfile`, tried on a small project.

usage: container.py [--base IMAGE] [--tag NAME]
  --base   an image with Python 3.11 or later, pip and git (default: that of the Dockerfile)
  --tag    the name of the image (default: bootready)

Gathers the wheel of bootready and the locked ones that it needs, for the Python of the base, and
builds the image from them alone. Needs a Docker Engine that has the base, or can pull it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = ROOT / "integrations" / "container" / "Dockerfile"
PYTHON = ROOT / ".venv" / "bin" / "python"
ASKED = """import platform, sys
print(".".join(map(str, sys.version_info[:2])), platform.machine(), platform.libc_ver()[1])
"""
PROJECT = "services:\n  web:\n    image: nginx:1.27\n    restart: allways\n"


def main(arguments: list[str]) -> int:
    """Build and try the image; return the exit code."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--base", default="")
    parser.add_argument("--tag", default="bootready")
    options = parser.parse_args(arguments)
    base = options.base or default_base()
    with tempfile.TemporaryDirectory(prefix="bootready-container-") as name:
        gather(Path(name) / "wheels", python_of(base))
        build = ["docker", "build", "-q", "-t", options.tag, "--build-arg", f"BASE={base}"]
        run(*build, "-f", str(DOCKERFILE), name)
    try_out(options.tag)
    print(f"container: {options.tag} is built and works", file=sys.stderr)
    return 0


def default_base() -> str:
    """Return the base that the Dockerfile names."""
    text = DOCKERFILE.read_text(encoding="utf-8")
    return re.search(r"(?m)^ARG BASE=(.+)$", text)[1]


def python_of(base: str) -> list[str]:
    """Return what pip is told to find wheels for the Python of an image."""
    command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "python3", base]
    version, machine, libc = run(*command, "-c", ASKED).split()
    major, minor = map(int, libc.split("."))
    platforms = [f"manylinux_{major}_{one}_{machine}" for one in range(minor, 4, -1)]
    return ["--python-version", version, *(f"--platform={one}" for one in platforms)]


def gather(wheels: Path, python: list[str]) -> None:
    """Put the wheel of this checkout and those of the versions that are installed into `wheels`."""
    wheels.mkdir()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-q"]
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(wheels), str(ROOT))
    [wheel] = wheels.iterdir()
    # The locked versions, whose hashes were checked when they were installed.
    frozen = subprocess.run(
        [*pip, "freeze", "--exclude-editable"], check=True, capture_output=True, text=True
    ).stdout
    constraints = wheels.with_name("constraints.txt")
    constraints.write_text(frozen, encoding="utf-8")
    download = [
        "download",
        *python,
        "--only-binary",
        ":all:",
        "-c",
        str(constraints),
        "-d",
        str(wheels),
    ]
    run(*pip, *download, str(wheel))


def try_out(image: str) -> None:
    """Run it as its user on a project with a fault; raises CalledProcessError if it is not seen."""
    print(run("docker", "run", "--rm", "--network", "none", image, "--version"), file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="bootready-project-") as name:
        Path(name).chmod(0o755)
        Path(name, "compose.yaml").write_text(PROJECT, encoding="utf-8")
        command = ["docker", "run", "--rm", "--network", "none", "--read-only"]
        command += ["--cap-drop", "ALL", "-v", f"{name}:/project:ro", image]
        done = subprocess.run(
            [*command, "check", "--engine", "none", "--json"],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode != 1 or "restart-unknown" not in done.stdout:
            sys.exit(f"container: the fault was not found:\n{done.stdout}{done.stderr}")


def run(*command: str) -> str:
    """Run a program and return what it printed; raises CalledProcessError."""
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    if shutil.which("docker") is None:
        sys.exit("container: docker is not installed")
    sys.exit(main(sys.argv[1:]))
