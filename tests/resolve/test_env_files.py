"""What is odd in an env file reaches the container, or is refused, as Compose v5.6.1 has it."""

from __future__ import annotations

import pytest

from bootready.errors import ProjectError
from bootready.model.problem import Variable
from bootready.resolve.expand.env_files import read_raw
from bootready.resolve.show.output import json_text
from bootready.resolve.show.yaml_text import yaml_text


def raw(text: str) -> dict[str, str]:
    variables: dict[str, Variable] = {}
    read_raw(text, "/p/a.env", lambda _name: None, variables)
    return {name: one.value for name, one in variables.items()}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("A\xa0=1\n", {"A\xa0": "1"}, id="only a space or a tab ends a name"),
        pytest.param("\xa0A=1\n", {"A": "1"}, id="white space of Unicode before it"),
        pytest.param("\x1cA=1\n", {"\x1cA": "1"}, id="what only Python takes for white space"),
        pytest.param(f"A={'a' * 65_533}\n", {"A": "a" * 65_533}, id="the longest line"),
    ],
)
def test_names_and_lines_of_a_raw_file(text: str, want: dict[str, str]) -> None:
    assert raw(text) == want


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("A\tB=1\n", "contains white space", id="a tab"),
        pytest.param(f"A={'a' * 65_534}\n", "longer than 65,535 bytes", id="a line too long"),
        pytest.param(f"A={'é' * 32_767}\n", "longer than 65,535 bytes", id="in bytes, not letters"),
        pytest.param("# caf\udce9\n", "not valid UTF-8", id="Latin-1, even in a comment"),
        pytest.param("=1\n", "no name", id="no name"),
    ],
)
def test_what_is_refused_of_a_raw_file(text: str, reason: str) -> None:
    with pytest.raises(ProjectError, match=reason):
        raw(text)


def test_a_value_that_is_not_utf_8_is_shown_as_compose_shows_it() -> None:
    model = {"A": "caf\udce9"}
    assert json_text(model, sort=False) == '{\n  "A": "caf\\ufffd"\n}\n'
    assert yaml_text(model) == "A: !!binary Y2Fm6Q==\n"


def test_a_long_value_that_is_not_utf_8_is_a_block() -> None:
    shown = yaml_text({"A": {"B": "a" * 60 + "\udcff"}})
    assert shown.startswith("A:\n  B: !!binary |\n    YWFh")
    assert [len(line) for line in shown.splitlines()[2:]] == [74, 18]
