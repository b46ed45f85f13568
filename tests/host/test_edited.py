"""What was edited since it was added to git, told from the index alone."""

from __future__ import annotations

import os
import subprocess

import pytest

from bootready.host.edited import edited_files


@pytest.fixture(params=["2", "4"])
def repository(tmp_path, request):
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("config", "index.version", request.param)
    for name in ("same", "touched", "longer", "other", "gone", "dir/deep"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text\n")
    (tmp_path / "link").symlink_to("same")
    (tmp_path / "turned").symlink_to("same")
    git("add", "-A")
    return tmp_path


def test_nothing_is_edited_at_first(repository):
    assert edited_files(str(repository)) == frozenset()


def test_what_differs_is_edited_and_a_new_time_alone_is_not(repository):
    os.utime(repository / "touched", (1, 1))
    (repository / "longer").write_text("text and more\n")
    (repository / "other").write_text("text!")
    (repository / "gone").unlink()
    (repository / "dir/deep").unlink()
    (repository / "dir/deep").symlink_to("../same")
    (repository / "turned").unlink()
    (repository / "turned").symlink_to("othr")
    assert edited_files(str(repository)) == {"longer", "other", "gone", "dir/deep", "turned"}


def test_a_repository_without_an_index_has_none(tmp_path):
    assert edited_files(str(tmp_path)) == frozenset()
