"""A word that nobody knows is met with the one that was perhaps meant."""

from __future__ import annotations

import pytest

from bootready.cli import run


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    (tmp_path / "compose.yaml").write_text("services: {worker: {image: a}, web: {image: a}}\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["chek"], "did you mean 'check'?"),
        (["doctor"], "did you mean 'check'?"),
        (["ps"], "did you mean 'status'?"),
        (["compose.yaml"], "bootready check -f compose.yaml"),
        (["zzz"], "one of: check, prepare"),
        (["check", "--formt", "json"], "did you mean '--format'?"),
        (["validate", "--recusrive"], "did you mean '--recursive'?"),
        (["up", "--tmeout", "3"], "did you mean '--timeout'?"),
        (["check", "--zzz"], "hint: bootready check --help"),
    ],
)
def test_commands_and_options(capsys, words, meant):
    assert run(words) == 2
    assert meant in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("compose.yaml", "a Compose file is named by -f: -f compose.yaml"),
        ("wrker", "did you mean 'worker'?"),
    ],
)
def test_services(capsys, word, meant):
    run(["check", word, "--engine", "none"])
    assert meant in capsys.readouterr().out
