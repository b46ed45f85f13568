"""Indexes that no git would write: unread, never a traceback."""

from __future__ import annotations

import random
import struct
import subprocess

import pytest

from bootready.host.git import tracked_files


@pytest.fixture
def index(tmp_path):
    (tmp_path / "a").write_text("a")
    (tmp_path / "directory").mkdir()
    (tmp_path / "directory" / "b").write_text("b")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "add", "."], check=True)
    return tmp_path / ".git" / "index"


@pytest.mark.parametrize("version", [2, 4])
def test_every_truncation_is_unread_or_read(index, version: int) -> None:
    """Cut anywhere before its checksum and extensions, the index has a part of an entry."""
    root = str(index.parent.parent)
    subprocess.run(["git", "-C", root, "update-index", "--index-version", str(version)], check=True)
    whole = index.read_bytes()
    assert tracked_files(root) == {"a", "directory/b"}
    answers = []
    for length in range(len(whole)):
        index.write_bytes(whole[:length])
        answers.append(tracked_files(root))
    assert answers[0] is None
    assert {tuple(sorted(one)) for one in answers if one is not None} == {("a", "directory/b")}


def test_changed_bytes_and_counts_are_no_traceback(index) -> None:
    root = str(index.parent.parent)
    whole = index.read_bytes()
    chance = random.Random(7)
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(3):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        index.write_bytes(data)
        tracked_files(root)
    index.write_bytes(b"DIRC" + struct.pack(">II", 2, 0xFFFFFFFF) + whole[12:])
    assert tracked_files(root) is None
    index.write_bytes(b"DIRC" + struct.pack(">II", 9, 1) + whole[12:])
    assert tracked_files(root) is None


def test_an_index_that_is_no_file_is_unread(index) -> None:
    index.unlink()
    index.symlink_to("/dev/zero")
    assert tracked_files(str(index.parent.parent)) is None
