"""`.gitignore` files against git itself, and those that were made to hang or break a reader."""

from __future__ import annotations

import os
import random
import shutil
import subprocess

import pytest

from bootready.host.glob import parsed
from bootready.host.ignore import is_ignored

ATOMS = (
    *("*", "*", "**", "?", "/", "/", "a", "b", "ab", "\\a", "\\*", "[ab]", "[!a]", "[^b]", "[a-c]"),
    *("[]a]", "[z-a]", "[\\]", "[[:alpha:]]", "[[:nope:]]", "[a", "é", " ", "\\ ", "-", "."),
)
NAMES = ("a", "b", "ab", "abc", "é", "*", "a b", "]", "-", "a.b", ".")


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_random_patterns_are_read_as_git_reads_them(tmp_path) -> None:
    """Each of 60 files of patterns is asked of 40 paths, of git by one process a file."""
    chance = random.Random(12)
    root = str(tmp_path)
    subprocess.run(["git", "init", "-q", root], check=True)
    differing, fitting = [], 0
    for _ in range(60):
        lines = [_line(chance) for _ in range(chance.randint(1, 4))]
        (tmp_path / ".gitignore").write_bytes("\n".join(lines).encode())
        paths = sorted({_path(chance) for _ in range(40)})
        asked = subprocess.run(
            ["git", "-C", root, "check-ignore", "--stdin", "-z", "--no-index"],
            input="\0".join(paths).encode(),
            capture_output=True,
            check=False,
        )
        ignored = set(asked.stdout.decode().split("\0"))
        fitting += len(ignored) - 1
        differing += [
            (lines, path)
            for path in paths
            if is_ignored(root, f"{root}/{path}") != (path in ignored)
        ]
    assert differing == []
    assert fitting > 100


def _line(chance: random.Random) -> str:
    sign = chance.choice(("", "", "", "!", "/", "#"))
    return sign + "".join(chance.choices(ATOMS, k=chance.randint(1, 5))) + chance.choice(("", "/"))


def _path(chance: random.Random) -> str:
    names = [name for name in NAMES if name != "."]
    return "/".join(chance.choices(names, k=chance.randint(1, 3)))


def test_a_pattern_takes_no_time_that_grows_with_what_it_could_try() -> None:
    """Twelve stars before a letter that does not come have 10^15 ways to fit."""
    glob = parsed("*a" * 12 + "b")
    assert glob is not None
    assert not glob.fits("a" * 120)
    deep = parsed("**/" * 12 + "x")
    assert deep is not None
    assert not deep.fits("a/" * 120)


@pytest.mark.parametrize("made", ["link", "pipe", "long", "directory"])
def test_what_git_would_not_read_ignores_nothing(tmp_path, made: str) -> None:
    path = tmp_path / ".gitignore"
    if made == "link":
        path.symlink_to("/dev/zero")
    elif made == "pipe":
        os.mkfifo(path)
    elif made == "long":
        path.write_bytes(b"x\n" * 600_000)
    else:
        path.mkdir()
    assert not is_ignored(str(tmp_path), f"{tmp_path}/x")
