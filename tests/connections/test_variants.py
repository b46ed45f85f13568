"""Faults of wiring in the ways in which people write them, and their neighbours that are right."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bootready import pipeline
from bootready.check.api import Context
from bootready.check.run import Evidence
from bootready.engine.recorded import RecordedEngine
from bootready.host.local import LocalHost
from bootready.model.finding import Needs, Severity
from bootready.model.position import render_path
from bootready.model.request import Request

CASES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("cases.toml").read_text(encoding="utf-8")
)


def findings(case: dict[str, Any], directory: Path) -> list[tuple[str, str, str]]:
    """Return check, path and ``file:line`` of each error and warning about addresses."""
    for name, text in {"compose.yaml": case["compose"], **case.get("files", {})}.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    environ = {"PWD": str(directory), "HOME": "/nonexistent"}
    project = pipeline.load(Request(directory=str(directory)), environ)
    context = Context(project, LocalHost(), RecordedEngine(None, "not asked"))
    verdict = pipeline.check(
        Evidence(context, {Needs.ENGINE: "not asked"}), only=["wiring", "host-name-unknown"]
    )
    return [
        (
            one.check_id,
            render_path(one.primary.path),
            f"{Path(one.primary.span.file).relative_to(directory)}:{one.primary.span.line}",
        )
        for one in verdict.apart
        if one.primary is not None and one.severity is not Severity.NOTE
    ]


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_named_at_its_place(name: str, tmp_path: Path) -> None:
    """The expected finding is the only one of the topic, at the attribute or the file's line."""
    case = CASES[name]
    found = findings(case, tmp_path)
    if not case.get("expected"):
        assert found == []
        return
    check, place = case["expected"].split()
    assert [one[0] for one in found] == [check]
    assert place in found[0][1:]
