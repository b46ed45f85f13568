"""A topic of the catalogue -> the mutants of its checks that no test kills, found by cosmic-ray.

usage: mutate.py TOPIC [CHECK ...]
  mutate.py secrets                       every check of a topic; takes hours for a large one
  mutate.py secrets secret-file-missing   one check; minutes

Works on a copy in .cache/mutate, as a mutant is written over the module that it changes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "mutate"
COPY = CACHE / "copy"
CATALOGUE = Path("src/bootready/catalogue")
ANNOTATIONS = "core/ReplaceBinaryOperator_BitOr_.*"
"""Changes `str | None` in the annotations of functions, which nothing evaluates."""


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    topic, *checks = arguments
    modules = _modules(topic, checks)
    if not modules:
        print(f"mutate: no check of '{topic}' is called {' or '.join(checks)}", file=sys.stderr)
        return 2
    _copy()
    survived = []
    for module in modules:
        survived += _survivors(module)
    for line in survived:
        print(line)
    print(f"{len(survived)} mutants survived in {len(modules)} modules", file=sys.stderr)
    return 1 if survived else 0


def _modules(topic: str, checks: list[str]) -> list[Path]:
    named = {check.replace("-", "_") for check in checks}
    found = sorted((ROOT / CATALOGUE / topic).glob("[a-z]*.py"))
    return [CATALOGUE / topic / one.name for one in found if not named or one.stem in named]


def _copy() -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    for name in ("src", "tests", "docs", "scripts", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, COPY / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, COPY / name)


def _survivors(module: Path) -> list[str]:
    """Return a line for each mutant of `module` that its tests let live."""
    identity = module.stem.replace("_", "-")
    tests = f"{sys.executable} -B -m pytest -q -x -p no:cacheprovider -m 'not engine'"
    settings = CACHE / "settings.toml"
    settings.write_text(
        "[cosmic-ray]\n"
        f"module-path = {json.dumps(str(module))}\n"
        "timeout = 60.0\n"
        "excluded-modules = []\n"
        f"test-command = {json.dumps(f'{tests} tests/catalogue tests/check -k {identity}')}\n"
        '[cosmic-ray.distributor]\nname = "local"\n'
        "[cosmic-ray.filters.operators-filter]\n"
        f"exclude-operators = {json.dumps([ANNOTATIONS])}\n"
    )
    session = CACHE / f"{module.stem}.sqlite"
    session.unlink(missing_ok=True)
    print(f"mutate: {module}", file=sys.stderr, flush=True)
    _run("cosmic-ray", "init", str(settings), str(session))
    _run("cr-filter-operators", str(session), str(settings))
    _run("cosmic-ray", "exec", str(settings), str(session))
    lines = _run("cosmic-ray", "dump", str(session)).splitlines()
    return [found for line in lines if (found := _survivor(json.loads(line)))]


def _survivor(row: list[dict[str, object]]) -> str:
    """Return where a mutant is that lived, '' for one that was killed."""
    item, result = row
    if not isinstance(result, dict) or result.get("test_outcome") != "survived":
        return ""
    [mutation, *_] = item["mutations"]  # type: ignore[misc]
    line, operator = mutation["start_pos"][0], mutation["operator_name"].rpartition("/")[2]
    return f"{mutation['module_path']}:{line}: {operator} survives\n{result.get('diff') or ''}"


def _run(program: str, *arguments: str) -> str:
    # Before the editable installation, which is of the original.
    environment = {**os.environ, "PYTHONPATH": str(COPY / "src")}
    done = subprocess.run(
        [_installed() / program, *arguments],
        cwd=COPY,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _installed() -> Path:
    """Return where the programs are, in an environment of their own."""
    programs = CACHE / "venv" / "bin"
    if not (programs / "cosmic-ray").exists():
        venv.create(programs.parent, with_pip=True)
        pip = [programs / "python", "-m", "pip", "-q", "install", "cosmic-ray==8.7.0"]
        subprocess.run(pip, check=True)
    return programs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
