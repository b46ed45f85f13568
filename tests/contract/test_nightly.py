"""What CI shortens is run in full each night: every part of it can be run and is."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import nightly  # noqa: E402 - a script of this repository

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_workflow_runs_every_part() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/nightly.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["part"]
    assert job["strategy"]["matrix"]["part"] == list(nightly.PARTS)
    assert job["steps"][-1]["run"] == ".ci/run nightly ARGS=${{ matrix.part }}"


@pytest.mark.parametrize("part", nightly.PARTS.values(), ids=nightly.PARTS)
def test_what_a_part_asks_for_is_there_and_is_read(part: nightly.Part) -> None:
    target, *variables = part.make
    rule = re.search(rf"^{target}:.*\n(\t.*\n)+", MAKEFILE, re.MULTILINE)
    assert rule
    for variable in variables:
        name, _, value = variable.partition("=")
        assert f"$({name})" in rule[0] or f"$(or $({name})," in rule[0]
        for path in re.findall(r"tests/\S+", value):
            assert (ROOT / path).is_file()
    read = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for name in part.environ:
        assert re.search(rf'environ\.get\(\s*"{name}"', read), name


def test_every_part_runs_whatever_the_others_said(monkeypatch, capsys) -> None:
    made = []

    def ran(part: nightly.Part) -> bool:
        made.append(part)
        return part is not nightly.PARTS["fuzz"]

    monkeypatch.setattr(nightly, "succeeds", ran)
    assert nightly.main([]) == 1
    assert made == list(nightly.PARTS.values())
    said = capsys.readouterr().out
    assert said.count(": passed after") == len(made) - 1
    assert "fuzz: FAILED after" in said
    assert nightly.main(["plain"]) == 0


def test_what_is_no_part_runs_nothing(monkeypatch, capsys) -> None:
    monkeypatch.setattr(nightly, "succeeds", lambda part: pytest.fail("it ran"))
    assert nightly.main(["plain", "pain"]) == 2
    assert "no part is called pain" in capsys.readouterr().out
    assert nightly.main(["--list"]) == 0
    assert "100,000 texts" in capsys.readouterr().out
