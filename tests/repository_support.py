"""Files of a test -> a repository that tracks them, prepared, and what is in it then."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bootready.cli import run
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.read.dotenv import read_dotenv

SERVICE = "services:\n  app:\n    image: example.test/app:1\n"


def commit(project: Path, **files: str) -> None:
    """Write `files` (``__`` in a name is a dot) into a repository that tracks them."""
    for name, text in files.items():
        path = project / name.replace("__", ".").replace("SLASH", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for words in (["init", "-q"], ["add", "-A", "-f"]):
        subprocess.run(["git", *words], cwd=project, check=True, capture_output=True)


def prepare(project: Path, *more: str) -> int:
    return run(["prepare", "-C", str(project), "--engine", "none", *more])


def values(path: Path) -> dict[str, str]:
    variables = read_dotenv(path.read_text(), str(path), lambda _name: None)
    return {name: variable.value for name, variable in variables.items()}


def environment(project: Path, service: str) -> dict[str, str | None]:
    found = load(Request(directory=str(project)), {}).service(service)
    assert found is not None
    return {entry.name: entry.value for entry in found.environment}


def ids_of(project: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    run(["check", "-C", str(project), "--engine", "none", "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    return [one["check"] for one in data["findings"] if one["severity"] != "note"]


def example_of(names: str) -> str:
    """Return a Compose file whose service reads `names` from the `.env`."""
    lines = "".join(f"      {name}: ${{{name}}}\n" for name in names.split())
    return f"{SERVICE}    environment:\n{lines}"
