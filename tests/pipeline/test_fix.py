"""Faults in tracked files are shown as a diff, written only when asked and approved."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.cli import run

COMPOSE = """\
# keep me
services:
  db:
    image: postgres:16   # and me
    environment: &e
      PGUSER: bob
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U $PGUSER"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PGUSER", raising=False)
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    return tmp_path


def test_a_fix_is_a_diff_until_it_is_applied(project, capsys):
    assert run(["fix", "-C", str(project)]) == 0
    assert '+      test: ["CMD-SHELL", "pg_isready -U $$PGUSER"]' in capsys.readouterr().out
    assert (project / "compose.yaml").read_text() == COMPOSE


def test_an_applied_fix_keeps_every_other_byte_and_a_second_one_is_empty(project, capsys):
    assert run(["fix", "-C", str(project), "--apply"]) == 0
    expected = COMPOSE.replace("$PGUSER", "$$PGUSER")
    assert (project / "compose.yaml").read_text() == expected
    capsys.readouterr()
    assert run(["fix", "-C", str(project)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("status", "code"), [("Draft", 1), ("Approved", 0)])
def test_nothing_is_written_before_the_document_is_approved(project, status, code):
    (project / "bootready.toml").write_text('[approval]\ndocument = "spec.md"\n')
    (project / "spec.md").write_text(f"---\nstatus: {status}\n---\n# Spec\n")
    assert run(["fix", "-C", str(project), "--apply"]) == code
    assert ((project / "compose.yaml").read_text() == COMPOSE) == bool(code)
