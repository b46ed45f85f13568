"""Includes without end are refused: in a chain, and again and again."""

from __future__ import annotations

import pytest

from bootready.cli import run
from bootready.resolve.combine.include import DEPTH_LIMIT


@pytest.fixture
def chain(tmp_path, monkeypatch):
    """Write files that each include the next one so many times; the last one has a service."""
    monkeypatch.chdir(tmp_path)

    def write(length: int, times: int) -> None:
        for number in range(length):
            entries = ", ".join([f"{number + 1}.yaml"] * times)
            (tmp_path / f"{number}.yaml").write_text(f"include: [{entries}]\n")
        (tmp_path / f"{length}.yaml").write_text("services: {a: {image: a}}\n")

    return write


def test_a_chain_within_the_limit_is_followed_to_its_end(chain, capsys):
    chain(DEPTH_LIMIT, times=1)
    assert run(["config", "-f", "0.yaml", "--services"]) == 0
    assert capsys.readouterr().out == "a\n"


@pytest.mark.parametrize(
    ("length", "times", "words"),
    [
        pytest.param(1500, 1, "nested deeper than 60 levels", id="one after the other"),
        pytest.param(40, 2, "more than 5,000 includes", id="twice each, two to the power of 40"),
    ],
)
def test_what_is_beyond_is_refused_with_its_place(length, times, words, chain, capsys):
    chain(length, times)
    assert run(["config", "-f", "0.yaml", "-q"]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert ".yaml:1:1" in said
    assert len(said.splitlines()) == 1
