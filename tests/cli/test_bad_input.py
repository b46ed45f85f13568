"""What cannot be read -> exit code 2, with the place and the next step."""

import os
from pathlib import Path

import pytest

from bootready.cli import run

SERVICES = "services: {a: {image: x}}\n"


def unreadable(project: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    (project / "compose.yaml").write_text(SERVICES)
    (project / "compose.yaml").chmod(0)


def directory(project: Path) -> None:
    (project / "compose.yaml").mkdir()


def written(text: str):
    return lambda project: (project / "compose.yaml").write_text(text)


@pytest.mark.parametrize(
    ("made", "said", "next_step"),
    [
        pytest.param(lambda _: None, "no Compose file in", "-f FILE", id="no file"),
        pytest.param(
            unreadable, "yaml': permission denied", "a file that you can read", id="unreadable"
        ),
        pytest.param(directory, "is a directory", "a file that you can read", id="a directory"),
        pytest.param(
            written("a: [\n"), "compose.yaml:2:1: not valid YAML", "above it", id="no YAML"
        ),
        pytest.param(
            written(""), "compose.yaml': the Compose file is empty", "at least", id="empty"
        ),
        pytest.param(
            written(f"include: [missing.yaml]\n{SERVICES}"),
            "compose.yaml:1:11: included file 'missing.yaml' does not exist",
            "relative to the including file",
            id="an include that is not there",
        ),
        pytest.param(
            written(f"include: [compose.yaml]\n{SERVICES}"),
            "compose.yaml:1:11: include cycle",
            "remove one of these includes",
            id="an include of itself",
        ),
    ],
)
@pytest.mark.parametrize("command", ["check", "prepare"])
def test_bad_input_is_named_with_its_place_and_the_next_step(  # noqa: PLR0917 - pytest names them
    tmp_path, capsys, command, made, said, next_step
):
    made(tmp_path)
    there = sorted(tmp_path.rglob("*"))
    assert run([command, "-C", str(tmp_path), "--engine", "none"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert next_step in err.partition("   = hint: ")[2]
    assert sorted(tmp_path.rglob("*")) == there


def test_a_directory_that_is_not_there_is_named_as_that(tmp_path, capsys):
    assert run(["check", "-C", str(tmp_path / "gone")]) == 2
    assert "gone' does not exist" in capsys.readouterr().err
