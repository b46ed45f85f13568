"""Differential fuzzing: both resolve generated projects alike (`make fuzz` for long runs)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from engine_support import require_compose
from resolve.fuzz.judge import disagreement, shown
from resolve.fuzz.projects import Generated, projects
from resolve.fuzz.trees import trees

pytestmark = pytest.mark.compose


@pytest.fixture(scope="module")
def compose() -> str:
    return " ".join(require_compose(5).command)


FIXED = settings(
    max_examples=40,
    phases=(Phase.generate,),
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
"""The same projects in every run: what a long run finds becomes a case of its own."""


@seed(20)
@FIXED
@given(project=projects())
def test_both_resolve_a_generated_project_alike(project: Generated, compose: str):
    found = disagreement(project, compose)
    assert found is None, shown(project, found)


@seed(20)
@FIXED
@given(project=trees())
def test_both_resolve_a_generated_project_of_many_files_alike(project: Generated, compose: str):
    found = disagreement(project, compose)
    assert found is None, shown(project, found)
