"""A proof sees a project as it is, as a fresh clone, and as one whose examples were copied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bootready import pipeline
from bootready.model.request import Request
from bootready.pipeline.proof import proof_of

FILES = {
    "compose.yaml": "services: {a: {image: 'busybox:${TAG:-none}', env_file: [a.env]}}\n",
    ".env": "TAG=mine\n",
    ".env.example": "TAG=example\n",
    "a.env.example": "A=example\n",
}


def images(directory: Path, files: dict[str, str], edits: dict[str, str]) -> list[str]:
    """The image of the service in each environment, or the number of refusals."""
    for name, text in files.items():
        (directory / name).write_text(text)
    request = Request(directory=str(directory))
    project = pipeline.load(request, {})
    texts = {str(directory / name): text for name, text in edits.items()}
    with proof_of(request, {"PATH": os.environ["PATH"]}, project, checked=False) as proof:
        return [told(state) for state in proof.states(texts)]


def told(state) -> str:
    image = state.model["services"]["a"]["image"]
    return f"{image} {len(state.refusals)}"


def test_each_environment_is_another(tmp_path):
    seen = images(tmp_path, FILES, {})
    assert seen == ["busybox:mine 1", "busybox:none 1", "busybox:example 0"]


def test_edits_are_seen_in_each(tmp_path):
    changed = FILES["compose.yaml"].replace("busybox", "alpine")
    seen = images(tmp_path, FILES, {"compose.yaml": changed, ".env.example": "TAG=new\n"})
    assert seen == ["alpine:mine 1", "alpine:none 1", "alpine:new 0"]


def test_what_looks_the_same_is_looked_at_once(tmp_path):
    """Taking a `.env` away, or copying an example, changes nothing where there is none."""
    (tmp_path / "compose.yaml").write_text(FILES["compose.yaml"])
    request = Request(directory=str(tmp_path))
    with proof_of(request, {}, pipeline.load(request, {}), checked=False) as proof:
        first, *others = proof.before
    assert told(first) == "busybox:none 1"
    assert [state is first for state in others] == [True, True]


def test_a_project_directory_away_from_its_files_is_there(tmp_path):
    files, directory = tmp_path / "files", tmp_path / "elsewhere" / "project"
    files.mkdir()
    directory.mkdir(parents=True)
    (files / "compose.yaml").write_text(FILES["compose.yaml"])
    (directory / ".env").write_text("TAG=mine\n")
    (directory / "a.env").touch()
    request = Request(
        directory=str(tmp_path),
        files=(str(files / "compose.yaml"),),
        project_directory=str(directory),
    )
    with proof_of(request, {}, pipeline.load(request, {}), checked=False) as proof:
        assert told(proof.before[0]) == "busybox:mine 0"


@pytest.mark.parametrize(("named", "proved"), [("inc.yaml", True), ("{directory}/inc.yaml", False)])
def test_an_edit_of_a_file_that_is_read_by_its_absolute_path_is_not_harmless(
    tmp_path, named, proved
):
    """The proof reads the original of it, which no edit has changed."""
    include = named.format(directory=tmp_path)
    (tmp_path / "compose.yaml").write_text(f"include: ['{include}']\n")
    (tmp_path / "inc.yaml").write_text("services: {a: {image: busybox}}\n")
    request = Request(directory=str(tmp_path))
    edited = {str(tmp_path / "inc.yaml"): "services: {a: {image: busybox, init: true}}\n"}
    with proof_of(request, {}, pipeline.load(request, {}), checked=False) as proof:
        harmless = proof.harm(edited, [("services", "a", "init")])
        harmful = proof.harm(edited, [])
    assert harmless == "" if proved else "is read by its absolute path" in harmless
    assert harmful != ""
