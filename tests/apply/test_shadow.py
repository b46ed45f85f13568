"""A shadow looks like the tree that it is of, and holds no more links than somebody may follow."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from bootready.apply.files.shadow import shadow
from bootready.cli import run

CLIMBING = {
    "in the Compose file": {
        "compose.yaml": "version: '3'\nservices: {a: {image: busybox, volumes: ['../beside:/x']}}\n"
    },
    "in the env file": {
        "compose.yaml": "version: '3'\nservices: {a: {image: busybox, volumes: ['${D}:/x']}}\n",
        ".env": "D=../beside\n",
    },
    "in the example": {
        "compose.yaml": "version: '3'\nservices: {a: {image: busybox, volumes: ['${D:-.}:/x']}}\n",
        ".env.example": "D=../beside\n",
    },
}


def plant(directory: Path, files: dict[str, str]) -> Path:
    project = directory / "project"
    project.mkdir(parents=True)
    for name, text in files.items():
        (project / name).write_text(text)
    return project


@pytest.fixture
def links(monkeypatch) -> list[str]:
    """The links that are made."""
    made: list[str] = []
    symlink = os.symlink

    def counted(source, target, *more, **options):
        made.append(str(source))
        symlink(source, target, *more, **options)

    monkeypatch.setattr(os, "symlink", counted)
    return made


def test_neighbours_of_the_project_are_not_linked(tmp_path, links, capsys, monkeypatch):
    for name in [name for name, value in os.environ.items() if ".." in value]:
        monkeypatch.delenv(name)  # a path that climbs
    project = plant(tmp_path, {"compose.yaml": "version: '3'\nservices: {a: {image: busybox}}\n"})
    for number in range(300):
        (tmp_path / f"other{number}").mkdir()
    (project / "beside.txt").touch()
    (project / ".git").mkdir()
    assert run(["fix", "-C", str(project)]) == 0
    assert "-version: '3'" in capsys.readouterr().out
    assert str(project / "beside.txt") in links
    assert not [one for one in links if one.startswith(str(tmp_path / "other"))]


@pytest.mark.parametrize("files", CLIMBING.values(), ids=CLIMBING)
def test_what_a_path_upwards_leads_to_is_there(tmp_path, files, links, capsys):
    """Or the mount would look like one that is missing in one of the environments of the proof."""
    project = plant(tmp_path, files)
    (tmp_path / "beside").mkdir()
    assert run(["fix", "-C", str(project)]) == 0
    assert "-version: '3'" in capsys.readouterr().out
    assert str(tmp_path / "beside") in links


def test_what_is_looked_for_upwards_is_there(tmp_path):
    project = plant(tmp_path, {"compose.yaml": ""})
    (tmp_path / ".git").mkdir()
    (tmp_path / "beside").mkdir()
    with shadow(str(project)) as tree:
        tree.make_real(str(project))
        assert os.path.isdir(tree.there(str(tmp_path / ".git")))
        assert not os.path.lexists(tree.there(str(tmp_path / "beside")))
        tree.put({str(project / ".env"): "A=../beside\n"})
        assert os.path.isdir(tree.there(str(tmp_path / "beside")))


def test_the_same_changes_make_the_same_tree(tmp_path):
    project = plant(tmp_path, {"compose.yaml": "a", "b": "b"})
    file, absent = str(project / "compose.yaml"), str(project / "absent")
    with shadow() as tree:
        untouched = tree.changes()
        tree.put({absent: None})
        assert tree.changes() == untouched
        tree.put({file: "c"})
        changed = tree.changes()
        assert changed != untouched
        tree.set_mode(file, 0o755)
        assert tree.changes() != changed
        tree.restore()
        assert tree.changes() == untouched
        tree.put({file: None})
        assert tree.changes() not in {untouched, changed}


def test_an_interruption_while_it_is_removed_leaves_nothing_behind(tmp_path, monkeypatch):
    """Ctrl-C may come when the work is done, while thousands of links are removed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    unlink, calls = os.unlink, []

    def interrupted(*args: object, **named: object) -> None:
        calls.append(args)
        if len(calls) == 1:
            raise KeyboardInterrupt
        unlink(*args, **named)  # type: ignore[arg-type]  # as it was called

    work = ExitStack()
    work.enter_context(shadow()).make_real("/")
    monkeypatch.setattr(os, "unlink", interrupted)
    with pytest.raises(KeyboardInterrupt):
        work.close()
    assert len(calls) > 1
    assert list(tmp_path.iterdir()) == []
