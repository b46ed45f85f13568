"""A generated project -> whether bootready and Compose v5.6.1 agree about it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import NamedTuple

from bootready.cli import run
from resolve.fuzz.projects import ENVIRONMENT, Generated

_LISTS = {
    "--services",
    "--volumes",
    "--networks",
    "--images",
    "--models",
    "--variables",
    "--environment",
}
"""The options that print names, one a line, instead of the model."""


class Answer(NamedTuple):
    """What a program printed for a project; `model` is None where it refused it."""

    model: object
    words: str


class Disagreement(NamedTuple):
    """Both answers, and the first place where they differ."""

    where: str
    ours: Answer
    compose: Answer


def disagreement(project: Generated, compose: str) -> Disagreement | None:
    """Write the project down, ask both, and return where they differ, if they do."""
    with TemporaryDirectory(prefix="fuzz") as directory:
        write(project, Path(directory))
        theirs = ask_compose(project, directory, compose)
        ours = ask_bootready(project, directory)
        where = difference(ours, theirs)
        if not where:
            return None
        # Compose ranges over maps in random order; where it does not agree with itself, nobody can.
        for _ in range(3):
            again = ask_compose(project, directory, compose)
            if difference(again, theirs) or not difference(ours, again):
                return None
        return Disagreement(where, ours, theirs)


def suspicious(project: Generated, compose: str, lock: Lock) -> bool:
    """Tell whether the two differ, asking each once; `lock` holds while bootready is asked."""
    with TemporaryDirectory(prefix="fuzz") as directory:
        write(project, Path(directory))
        theirs = ask_compose(project, directory, compose)
        with lock:
            ours = ask_bootready(project, directory)
        return bool(difference(ours, theirs))


def write(project: Generated, directory: Path) -> None:
    """Write the files of the project into an empty directory."""
    for name, text in project.files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def ask_compose(project: Generated, directory: str, compose: str) -> Answer:
    """Return the answer of Compose."""
    # Without its garbage collector, which a process this short does not need, a third faster.
    environment = {**project.environment, "HOME": "/home/someone", "GOGC": "off"}
    argv = [compose, *project.arguments, "config", *project.options]
    done = subprocess.run(
        argv,
        cwd=Path(directory) / project.directory,
        env=environment,
        input=project.stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return _answer(project, done.returncode, done.stdout, done.stderr)


def ask_bootready(project: Generated, directory: str) -> Answer:
    """Return our answer, in this process."""
    out, err = StringIO(), StringIO()
    before, here, stdin = dict(os.environ), Path.cwd(), sys.stdin
    os.environ.clear()
    os.environ.update({**project.environment, "HOME": "/home/someone"})
    os.chdir(Path(directory) / project.directory)
    sys.stdin = TextIOWrapper(BytesIO(project.stdin.encode()), encoding="utf-8")
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run([*project.arguments, "config", *project.options, "--reveal"])
    finally:
        sys.stdin = stdin
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
    return _answer(project, code, out.getvalue(), err.getvalue())


def _answer(project: Generated, code: int, out: str, err: str) -> Answer:
    if code != 0:
        return Answer(None, err)
    if "json" in project.options:
        return Answer(json.loads(out), err)
    lines = [line.rstrip() for line in out.splitlines() if not line.startswith("GOGC=")]
    # Compose prints lists in the random order of its maps.
    return Answer(sorted(lines) if _LISTS.intersection(project.options) else lines, err)


def difference(ours: Answer, theirs: Answer) -> str:
    """Return the first difference in words, or ''."""
    if (ours.model is None) != (theirs.model is None):
        who = "bootready refuses" if ours.model is None else "Compose refuses"
        lines = (ours if ours.model is None else theirs).words.strip().splitlines()
        return f"{who}: {lines[-1] if lines else ''}"
    return _differs(ours.model, theirs.model, "")


def _differs(one: object, other: object, path: str) -> str:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key not in one or key not in other:
                who = "bootready" if key in one else "Compose"
                return f"{path}.{key}: only {who} has it"
            found = _differs(one[key], other[key], f"{path}.{key}")
            if found:
                return found
        return ""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next((d for i, (a, b) in pairs if (d := _differs(a, b, f"{path}[{i}]"))), "")
    same = one == other and isinstance(one, bool) == isinstance(other, bool)
    return "" if same else f"{path}: bootready {one!r}, Compose {other!r}"


def shown(project: Generated, found: Disagreement) -> str:
    """Return the disagreement and the files that show it."""
    files = "".join(f"--- {name}\n{text}" for name, text in project.files.items())
    odd = {k: v for k, v in project.environment.items() if ENVIRONMENT.get(k) != v}
    argv = " ".join([*project.arguments, "config", *project.options])
    setting = f"in: {project.directory or '.'} with {odd} reading {project.stdin!r}"
    return f"{found.where}\n{argv}\n{setting}\n{files}"


def program_from(environ: os._Environ[str]) -> str:
    """Return the path of Compose v5, or leave with a word why."""
    path = environ.get("BOOTREADY_COMPOSE_V5", "")
    if not path:
        sys.exit("set BOOTREADY_COMPOSE_V5 to the path of docker-compose v5.6.1")
    return path
