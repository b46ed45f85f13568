"""What is installed for development is locked: exact versions, with the hashes of their files."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "requirements").glob("*.txt"))
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = SETTINGS["dependency-groups"]
IN_FILE = {"dev": ("dev", "build"), "runtime": ()}
"""Groups that share a file; every other one has a file of its own name."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~ \[;]", name)[0]).lower()


def locked(path: Path) -> dict[str, tuple[str, int]]:
    """Return the version and the number of hashes of each package in a file."""
    text = re.sub(r"(?m)^\s*#.*\n", "", path.read_text(encoding="utf-8"))
    found = {}
    for entry in text.replace("\\\n", " ").splitlines():
        name, version = re.match(r"([\w.-]+)==([\w.]+)", entry).groups()
        found[normal(name)] = version, entry.count("--hash=sha256:")
    return found


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def test_every_group_has_its_file():
    own = {name for name in GROUPS if all(name not in names for names in IN_FILE.values())}
    assert {path.stem for path in FILES} == own | set(IN_FILE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_package_has_hashes_and_no_address(path):
    packages = locked(path)
    assert packages
    assert [name for name, (_, hashes) in packages.items() if not hashes] == []
    assert re.search(r"://|--index|--find-links|--extra", path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_asked_for_is_locked_in_a_version_that_will_do(path):
    """Or `make lock` was forgotten after a change of pyproject.toml."""
    wanted = [one for group in IN_FILE.get(path.stem, (path.stem,)) for one in GROUPS[group]]
    wanted += SETTINGS["project"]["dependencies"] if path.stem in {"dev", "runtime"} else []
    packages = locked(path)
    for one in wanted:
        sign, least = re.search(r"(>=|==)([\d.]+)", one).groups()
        version = packages[normal(one)][0]
        same = version == least
        assert same or (sign == ">=" and number(version) >= number(least)), one


def test_what_is_released_is_what_is_tested():
    tested, released = (locked(ROOT / f"requirements/{name}.txt") for name in ("dev", "runtime"))
    assert {name: tested.get(name) for name in released} == released


def test_nothing_else_is_installed_by_name():
    """Scripts, Makefile and workflows install from these files only."""
    places = [ROOT / "Makefile", ROOT / ".ci" / "run", *(ROOT / "scripts").glob("*.py")]
    places += [*(ROOT / ".github").rglob("*.yml")]
    for path in places:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not re.search(r"\bpip3? (-\S+ )*install (?!.*(-r|--editable)\b)-?\w", line), line


def test_the_environment_of_this_run_is_the_locked_one():
    """The versions that the tests run with are those of the file."""
    packages = locked(ROOT / "requirements" / "dev.txt")
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists():
        pytest.skip("no .venv here: the tests run in an environment of somebody's own")
    done = subprocess.run(
        [python, "-m", "pip", "list", "--format", "freeze"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    installed = dict(line.split("==") for line in done.stdout.split() if "==" in line)
    mine = {normal(name): version for name, version in installed.items()}
    other = {n: v for n, (v, _) in packages.items() if mine.get(n, v) != v}
    assert other == {}, "make setup"
