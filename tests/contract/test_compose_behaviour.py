"""docs/reference/compose-behaviour.md: every row is true of the case that it names."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/compose-behaviour.md"
CASES = ROOT / "tests/resolve/cases"
CELL = re.compile(r"(?<!\\)\|")


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in CELL.split(line)[1:-1]] for line in lines]


def look_up(model: object, path: str) -> object:
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(model, list):
            model = model[int(step)]
        elif isinstance(model, dict) and step in model:
            model = model[step]
        else:
            return "absent"
    return model


def as_written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize(("behaviour", "case", "path", "value"), rows())
def test_compose_printed_what_the_page_says(behaviour, case, path, value):
    answer = CASES / case.strip("`") / "expected.json"
    assert answer.parent.is_dir()
    if value == "refused":
        assert not answer.exists()
        return
    found = look_up(json.loads(answer.read_text()), path.strip("`"))
    assert as_written(found) == value.strip("`")


def test_the_page_has_rows():
    assert len(rows()) > 10
