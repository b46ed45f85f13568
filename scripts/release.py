#!/usr/bin/env python3
"""A commit -> what is published of it, in `.cache/release/dist`: checked, tried, reproducible.

usage: release.py [--repository URL] [--quick]
  --repository URL   where the repository is on the web: links of the package's page lead there
                     (default: the remote `origin`, if that is such an address)
  --quick            without trying each package in an environment of its own

Builds wheel and sdist of what the commit holds, twice, and compares the bytes; checks metadata and
contents; makes `bootready.pyz` of the wheel and what `requirements/runtime.txt` locks: one file
that runs with the Python and on the system that it was made with, as it holds what is compiled for
them. Writes a list of what is in it (`sbom.cdx.json`, CycloneDX) and what other package managers
take (see packages.py). Each package runs `bootready --version`, a check and `prepare`, outside the
checkout. Publishes nothing. The tools are those of `requirements/release.txt`, in an environment of
their own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

import packages
from package_page import page_of

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".cache" / "release"
TOOLS = WORK / "tools"
DIST = WORK / "dist"
RUNTIME = ROOT / "requirements" / "runtime.txt"
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


def main(arguments: list[str]) -> int:
    """Make and check everything; return the exit code."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--repository", default=remote())
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(arguments)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    os.environ["SOURCE_DATE_EPOCH"] = said("git", "log", "-1", "--format=%ct")
    os.environ["PYTHONHASHSEED"] = "0"
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(parents=True)
    tools = make_environment(
        TOOLS, ["--require-hashes", "-r", str(ROOT / "requirements/release.txt")]
    )
    built = build_twice(tools, options.repository)
    run(tools, "-m", "twine", "check", "--strict", *built)
    wheel, sdist = (next(one for one in built if one.suffix == kind) for kind in (".whl", ".gz"))
    run(tools, "-m", "check_wheel_contents", wheel)
    single = DIST / "bootready.pyz"
    make_single(tools, wheel, single)
    describe(tools, DIST / "sbom.cdx.json")
    for name, text in packages.of_release(
        version, sdist, options.repository, locked(tools)
    ).items():
        (DIST / name).write_text(text, encoding="utf-8")
    for package in () if options.quick else built:
        with tempfile.TemporaryDirectory() as name:
            python = make_environment(Path(name), [str(package)])
            try_out(package, [python.with_name("bootready")], version)
    if not options.quick:
        run_without_installing(tools, wheel, version)
    with tempfile.TemporaryDirectory() as name:
        os.environ["SHIV_ROOT"] = name  # where it unpacks itself, ~/.shiv otherwise
        try_out(single, [sys.executable, single], version)
    for path in sorted(DIST.iterdir()):
        print(f"{path.relative_to(ROOT)}: {-(-path.stat().st_size // 1024)} KiB")
    return 0


def remote() -> str:
    """Return the address of the repository on the web, '' if nothing tells it."""
    address = said("git", "remote", "get-url", "origin", fails=True).removesuffix(".git")
    return address if address.startswith("https://") else ""


def build_twice(tools: Path, repository: str) -> list[Path]:
    """Return wheel and sdist in DIST; raises ReleaseError if a second build has other bytes."""
    found: list[Path] = []
    for place in (DIST, WORK / "again"):
        with tempfile.TemporaryDirectory() as name:
            staged = stage(Path(name) / "bootready", repository)
            shutil.rmtree(WORK / "again", ignore_errors=True)
            run(tools, "-m", "build", "--outdir", place, staged)
        found = found or sorted(place.iterdir())
        for path in found:
            if path.read_bytes() != (place / path.name).read_bytes():
                raise ReleaseError(f"{path.name}: two builds of the same commit have other bytes")
    return found


def stage(place: Path, repository: str) -> Path:
    """Write what the commit holds to `place`, its README as a package's page shows it."""
    place.mkdir()
    archive = subprocess.Popen(["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE)
    run("tar", "-x", "-C", place, stdin=archive.stdout)
    if archive.wait():
        raise ReleaseError("git archive failed")
    readme = place / "README.md"
    readme.write_text(page_of(readme.read_text(encoding="utf-8"), repository), encoding="utf-8")
    return place


def make_environment(place: Path, requirements: list[str]) -> Path:
    """Return the Python of an environment at `place`; pip is given `requirements`."""
    venv.create(place, with_pip=True, clear=True)
    python = place / "bin" / "python"
    run(python, "-m", "pip", "--disable-pip-version-check", "-q", "install", *requirements)
    return python


def make_single(tools: Path, wheel: Path, single: Path) -> None:
    """Make one executable file of the wheel and what it needs; same bytes for the same wheels."""
    with tempfile.TemporaryDirectory() as name:
        put = [
            "-m",
            "pip",
            "--disable-pip-version-check",
            "-q",
            "install",
            "--no-compile",
            "--target",
        ]
        run(tools, *put, name, "--require-hashes", "-r", RUNTIME)
        run(tools, *put, name, "--no-deps", wheel)
        forget_the_place(Path(name))
        shebang = ["-p", "/usr/bin/env python3", "--reproducible", "--compressed", "--no-modify"]
        run(tools, "-m", "shiv", "-c", "bootready", "-o", single, *shebang, "--site-packages", name)


def forget_the_place(packages_directory: Path) -> None:
    """Remove what pip notes of this machine: its programs' first lines, where a wheel lay."""
    shutil.rmtree(packages_directory / "bin", ignore_errors=True)
    for record in packages_directory.glob("*.dist-info/RECORD"):
        (record.parent / "direct_url.json").unlink(missing_ok=True)
        lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [
            line
            for line in lines
            if not line.startswith(("../", "bin/")) and "direct_url" not in line
        ]
        record.write_text("".join(sorted(kept)), encoding="utf-8")


def describe(tools: Path, target: Path) -> None:
    """Write which packages, in which versions and under which licences, `bootready.pyz` holds."""
    with tempfile.TemporaryDirectory() as name:
        python = make_environment(Path(name), ["--require-hashes", "-r", str(RUNTIME)])
        run(
            python,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "-q",
            "uninstall",
            "-y",
            "pip",
            "setuptools",
        )
        command = ["environment", "--pyproject", ROOT / "pyproject.toml", "--output-reproducible"]
        run(tools, "-m", "cyclonedx_py", *command, "--of", "JSON", "-o", target, python)


def locked(tools: Path) -> dict[str, object]:
    """Return what bootready needs, with the addresses of its sources as the index has them."""
    path = WORK / "pylock.toml"
    path.unlink(missing_ok=True)
    style = ["--universal", "--format", "pylock.toml", "--python-version", "3.11", "-q"]
    compiled = ["pip", "compile", "pyproject.toml", "-c", RUNTIME, *style, "-o", path]
    run(tools.with_name("uv"), *compiled, quiet=True)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def run_without_installing(tools: Path, wheel: Path, version: str) -> None:
    """Try the wheel as `uvx` and `pipx run` start a program that nobody installed."""
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {"UV_CACHE_DIR": f"{name}/uv", "UV_TOOL_DIR": f"{name}/tools"}
        os.environ |= {"PIPX_HOME": f"{name}/pipx", "PIPX_BIN_DIR": f"{name}/bin"}
        uvx = [tools.with_name("uv"), "tool", "run", "-q", "--python", sys.executable]
        try_out(wheel, [*uvx, "--from", wheel, "bootready"], version)
        try_out(wheel, [tools.with_name("pipx"), "run", "--spec", wheel, "bootready"], version)


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


def run(*words: str | Path, stdin: object = None, quiet: bool = False) -> None:
    """Run a command in the checkout; its failure is a ReleaseError."""
    out = subprocess.DEVNULL if quiet else None
    command = [str(word) for word in words]
    done = subprocess.run(command, cwd=ROOT, check=False, stdin=stdin, stdout=out)  # type: ignore[call-overload]
    if done.returncode:
        raise ReleaseError(f"'{' '.join(command[1:4])}' exited with {done.returncode}")


def said(*words: str, fails: bool = False) -> str:
    """Return the line that a command in the checkout prints, '' where it may fail and does."""
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and not fails:
        raise ReleaseError(f"'{' '.join(words)}' exited with {done.returncode}: {done.stderr}")
    return done.stdout.strip()


def output(place: Path, *words: str | Path, code: int = 0) -> str:
    """Return what a command prints that must exit with `code`; raises ReleaseError."""
    done = subprocess.run(
        [str(word) for word in words], cwd=place, capture_output=True, text=True, check=False
    )
    if done.returncode != code:
        told = f"{done.stdout}{done.stderr}".strip()
        raise ReleaseError(f"'{' '.join(map(str, words))}' exited with {done.returncode}: {told}")
    return done.stdout


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ReleaseError as error:
        sys.exit(f"release: {error}")
