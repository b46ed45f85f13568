"""docs/reference/api.md: its examples run, in order, and say the truth."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/reference/api.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_page_run(tmp_path, monkeypatch):
    [compose] = blocks("yaml")
    (tmp_path / "compose.yaml").write_text(compose)
    monkeypatch.chdir(tmp_path)
    for name in ("TAG", "COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    names: dict[str, object] = {}
    examples = blocks("python")
    assert examples
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), names)


def test_importing_bootready_imports_nothing_else_of_it():
    code = "import sys, bootready; print([m for m in sys.modules if m.startswith('bootready.')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
