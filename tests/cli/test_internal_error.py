"""A fault of our own is told as one, and never looks like a project that is not ready."""

from __future__ import annotations

from bootready.cli import run


def test_a_fault_of_our_own_ends_with_three(capsys, monkeypatch):
    def broken(_arguments: list[str]) -> int:
        raise ValueError("42")

    monkeypatch.setattr("bootready.cli.undo.run", broken)
    assert run(["undo"]) == 3
    assert "bootready: internal error: ValueError" in capsys.readouterr().err
