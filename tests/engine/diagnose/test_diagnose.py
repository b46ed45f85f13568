"""Every broken project gets its root service, its cause, and a remedy that works when applied."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from engine_support import require_busybox, require_compose

sys.path.insert(0, str(Path(__file__).parent))
from cases import CASES, Case

from bootready.boot.up import Options
from bootready.model.boot import BootOutcome
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.pipeline.up import up

pytestmark = pytest.mark.engine


class Silent:
    """A view that shows nothing."""

    interval = 1.0

    def states(self, states: object, seconds: float) -> None:
        pass

    def told(self, told: object) -> None:
        pass

    def diagnosis(self, diagnosis: object) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def compose() -> str:
    require_busybox()
    return " ".join(require_compose(5).command)


@pytest.fixture
def project(tmp_path: Path, compose: str) -> Iterator[str]:
    name = f"bootready-case-{secrets.token_hex(3)}"
    yield name
    take_down(tmp_path, name, compose)


def take_down(directory: Path, project: str, compose: str) -> None:
    down = [*compose.split(), "-p", project, "down", "-v", "-t", "1", "--remove-orphans"]
    subprocess.run(down, cwd=directory, check=False, capture_output=True, timeout=60)


def write(directory: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")
        path.chmod(0o700 if name.endswith(".sh") else 0o600)


def boot(directory: Path, project: str, compose: str) -> BootOutcome:
    request = Request(directory=str(directory), project_name=project)
    environ = {**os.environ, "BOOTREADY_COMPOSE": compose}
    loaded = load(request, environ)
    return up(loaded, request, environ, Options(timeout=60), Silent(), 1.0)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_the_root_is_named_and_the_remedy_works(
    case: Case, tmp_path: Path, project: str, compose: str
) -> None:
    text = f"services:\n{case.services}{case.top}\n"
    write(tmp_path, {"compose.yaml": text, **case.files})
    outcome = boot(tmp_path, project, compose)

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
