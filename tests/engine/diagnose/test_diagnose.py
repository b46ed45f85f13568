"""Every broken project gets its root service, its cause, and a remedy that works when applied."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from cases import CASES, Case
from cases_of_programs import PROGRAMS
from stacks import Silent, bare_compose, note, take_down, write

from bootready.boot.up import Options
from bootready.model.boot import BootOutcome
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.pipeline.up import up

pytestmark = pytest.mark.engine


def boot(directory: Path, project: str, compose: str) -> BootOutcome:
    request = Request(directory=str(directory), project_name=project)
    environ = {**os.environ, "BOOTREADY_COMPOSE": compose}
    loaded = load(request, environ)
    return up(loaded, request, environ, Options(timeout=60), Silent(), 1.0)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in (*CASES, *PROGRAMS)])
def test_the_root_is_named_and_the_remedy_works(
    case: Case, tmp_path: Path, project: str, compose: str
) -> None:
    text = f"services:\n{case.services}{case.top}\n"
    write(tmp_path, {"compose.yaml": text, **case.files})
    alone = bare_compose(tmp_path, project, compose)
    outcome = boot(tmp_path, project, compose)
    note(case.name, alone, outcome)

    assert not outcome.ready
    assert outcome.diagnoses, outcome
    first = outcome.diagnoses[0]
    assert (first.service, first.symptom) == (case.root, case.symptom), first
    assert case.said in f"{first.headline} {first.cause}", first
    assert first.remedy
    assert "sesame-open" not in repr(outcome)
    assert len(outcome.diagnoses) == 1, "dependants are not diagnosed"

    assert case.cure[0] in text
    cured = text.replace(*case.cure) if case.cure[0] else text
    write(tmp_path, {"compose.yaml": cured, **case.cure_files})
    if case.recreate:
        assert "force-recreate" in first.remedy
        take_down(tmp_path, project, compose)
    again = boot(tmp_path, project, compose)
    assert not again.diagnoses, again.diagnoses
    assert all(state.phase.good for state in again.states), again.states
