"""Facts of the machine: permissions, git's index and ignore rules, against the programs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess

import pytest

from bootready.host.local import LocalHost, features_in
from bootready.host.permission import READ, allowed
from bootready.model.fact import FileFact


@pytest.mark.parametrize(
    ("mode", "uid", "gids", "may"),
    [
        pytest.param(0o600, 1000, (), True, id="the owner"),
        pytest.param(0o600, 65534, (65534,), False, id="a stranger"),
        pytest.param(0o640, 65534, (4242,), True, id="a group"),
        pytest.param(0o604, 65534, (4242,), False, id="a group that others are better off than"),
        pytest.param(0o644, 65534, (), True, id="anybody"),
    ],
)
def test_mode_bits_decide(mode, uid, gids, may):
    """The first class that fits decides, as the kernel does."""
    assert allowed(FileFact("file", 1000, 4242, mode, 1), uid, gids, READ) is may


@pytest.mark.skipif(shutil.which("git") is None, reason="compares with git")
def test_git_agrees(tmp_path):
    """What we read from the index and the ignore files is what git says."""
    for name in ("a.txt", "b/c.key", "b/d.txt", "secrets/x.txt", "secrets/README.md", ".env"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    rules = "*.key\n.env\n/secrets/**\n!/secrets/README.md\n"
    (tmp_path / ".gitignore").write_text(rules, encoding="utf-8")
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "a.txt", "b/d.txt"], check=True)
    host = LocalHost()
    for path in sorted(tmp_path.rglob("*")):
        if ".git/" in str(path) or path.is_dir():
            continue
        listed = subprocess.run(
            [*git, "ls-files", "--", str(path)], check=True, capture_output=True, text=True
        )
        ignored = subprocess.run([*git, "check-ignore", "-q", str(path)], check=False)
        assert host.tracked_by_git(str(path)) is bool(listed.stdout), path
        if not listed.stdout:
            assert host.ignored_by_git(str(path)) is (ignored.returncode == 0), path


def test_listener_is_seen_with_its_process():
    """A port that we listen on is listed, with our own process id."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = LocalHost().listeners(port)
    assert [(entry.address, entry.protocol, entry.pid) for entry in found] == [
        ("127.0.0.1", "tcp", os.getpid())
    ]


CPU = """\
processor\t: 0
flags\t\t: fpu sse4_2 avx
processor\t: 1
flags\t\t: fpu
"""


@pytest.mark.parametrize(
    ("text", "features"),
    [(CPU, {"fpu", "sse4_2", "avx"}), ("Features\t: fp asimd\n", set()), ("", set())],
    ids=["x86", "another architecture", "nothing"],
)
def test_instruction_sets_are_those_of_the_first_processor(tmp_path, text, features):
    path = tmp_path / "cpuinfo"
    path.write_text(text, encoding="utf-8")

    assert features_in(str(path)) == features
    assert features_in(str(tmp_path / "absent")) == set()
