"""The files, the directory, the variables and the name of a project, as Compose finds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootready.errors import ProjectError
from bootready.model.request import Request
from bootready.read.discover import Sources, locate, normalized_name


def project(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def found(root: Path, environ: dict[str, str] | None = None, **request: object) -> Sources:
    made = Request(directory=str(root), **request)  # type: ignore[arg-type]  # as a person would
    return locate(made, environ or {})


def names(sources: Sources) -> list[str]:
    return [Path(path).name for path in sources.files]


def test_the_best_name_and_its_override_are_taken(tmp_path: Path) -> None:
    project(tmp_path, **{"docker-compose.yml": "", "compose.yaml": "", "compose.override.yml": ""})
    sources = found(tmp_path)
    assert names(sources) == ["compose.yaml", "compose.override.yml"]
    assert [warning.kind for warning in sources.warnings] == ["several-compose-files"]


def test_directories_above_are_searched(tmp_path: Path) -> None:
    project(tmp_path, **{"compose.yml": "", ".env": "A=1\n", "sub/x": ""})
    sources = found(tmp_path / "sub")
    assert sources.files == (str(tmp_path / "compose.yml"),)
    assert sources.directory == str(tmp_path)
    assert sources.variables["A"].value == "1"


def test_nothing_found_says_where_was_looked(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        found(tmp_path)
    assert str(tmp_path) in caught.value.problems[0].message


def test_files_of_the_command_line_win_over_the_variable(tmp_path: Path) -> None:
    project(tmp_path, **{"a.yaml": "", "b.yaml": "", "c.yaml": ""})
    environ = {"COMPOSE_FILE": "a.yaml;b.yaml", "COMPOSE_PATH_SEPARATOR": ";"}
    assert names(found(tmp_path, environ)) == ["a.yaml", "b.yaml"]
    assert names(found(tmp_path, environ, files=("c.yaml",))) == ["c.yaml"]


def test_compose_file_may_stand_in_the_env_file(tmp_path: Path) -> None:
    project(tmp_path, **{"x.yaml": "", ".env": "COMPOSE_FILE=x.yaml\nCOMPOSE_PROFILES=p, q\n"})
    sources = found(tmp_path)
    assert names(sources) == ["x.yaml"]
    assert sources.profiles == ("p", "q")


def test_standard_input_leaves_the_directory_alone(tmp_path: Path) -> None:
    sources = found(tmp_path, files=("-",))
    assert (sources.files, sources.directory) == (("-",), str(tmp_path))


def test_the_shell_wins_over_env_files_and_later_files_over_earlier(tmp_path: Path) -> None:
    project(tmp_path, **{"compose.yaml": "", "a.env": "A=a\nB=a\n", "b.env": "A=b\nB=b\nC=$A\n"})
    sources = found(tmp_path, {"A": "shell"}, env_files=("a.env", "b.env"))
    assert [sources.variables[name].value for name in "ABC"] == ["shell", "b", "shell"]
    assert sources.variables["A"].source == "shell"
    assert sources.variables["B"].source == str(tmp_path / "b.env")
    assert sources.variables["B"].line == 2


def test_the_env_file_can_be_switched_off(tmp_path: Path) -> None:
    project(tmp_path, **{"compose.yaml": "", ".env": "A=1\n"})
    assert "A" not in found(tmp_path, {"COMPOSE_DISABLE_ENV_FILE": "1"}).variables


def test_a_missing_env_file_is_refused(tmp_path: Path) -> None:
    project(tmp_path, **{"compose.yaml": ""})
    with pytest.raises(ProjectError) as caught:
        found(tmp_path, env_files=("no.env",))
    assert caught.value.problems[0].kind == "env-file-missing"


@pytest.mark.parametrize(
    ("text", "name"),
    [("My App", "myapp"), ("_x", "x"), ("a.b-c_d", "ab-c_d"), ("--", ""), ("Ü1", "1")],
)
def test_names_are_normalised(text: str, name: str) -> None:
    assert normalized_name(text) == name


def test_a_name_that_is_none_is_refused(tmp_path: Path) -> None:
    project(tmp_path, **{"compose.yaml": ""})
    with pytest.raises(ProjectError):
        found(tmp_path, project_name="My App")
    with pytest.raises(ProjectError):
        found(tmp_path, {"COMPOSE_PROJECT_NAME": "A"})
    assert found(tmp_path, {"COMPOSE_PROJECT_NAME": "a"}).project_name == "a"


def test_the_project_directory_is_searched_and_is_the_base(tmp_path: Path) -> None:
    project(tmp_path, **{"sub/compose.yaml": "", "sub/.env": "A=1\n", ".env": "A=2\n"})
    sources = found(tmp_path, project_directory="sub")
    assert sources.directory == str(tmp_path / "sub")
    assert sources.variables["A"].value == "1"


def test_a_directory_that_was_removed_is_named_so(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(ProjectError, match="no longer exists"):
        locate(Request(), {})
    monkeypatch.chdir(tmp_path)
