"""A project that cannot be read is a finding for programs, and exit code 2 as for people."""

from __future__ import annotations

import json

import pytest

from bootready.cli import run

BROKEN = "services:\n  a:\n    image: x\n    restart: no\n    restart: no\n"


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "markdown", "github", "gitlab"])
def test_every_format_for_programs_says_why(tmp_path, capsys, form):
    (tmp_path / "compose.yaml").write_text(BROKEN)
    assert run(["check", "-C", str(tmp_path), "--engine", "none", "--format", form]) == 2
    shown = capsys.readouterr()
    assert "restart" in shown.out
    assert "compose-refuses" in shown.out
    assert "is already defined" in shown.err


def test_an_output_is_written_and_has_the_place(tmp_path, capsys):
    (tmp_path / "compose.yaml").write_text(BROKEN)
    report = tmp_path / "report.json"
    assert (
        run(["check", "-C", str(tmp_path), "--engine", "none", "--output", f"json={report}"]) == 2
    )
    data = json.loads(report.read_text())
    assert not data["ready"]
    assert data["findings"][0]["location"]["line"] == 5
    assert capsys.readouterr().out == ""
