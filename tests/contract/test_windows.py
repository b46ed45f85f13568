"""Windows, as far as it can be had here: what Python has not there is taken away in a child.

Modules of Linux raise ImportError, functions and flags of `os`, signals and unix sockets are gone,
and a directory has no descriptor. Every verb that reads does its work all the same. With a Python
for Windows (`BOOTREADY_WINDOWS_PYTHON`, such as `wine64 python.exe`) the same is asked of that one.
"""

from __future__ import annotations

import ast
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import bootready
from command_lines import ARGUMENTS

_TAKEN_AWAY = r'''
import os, shutil, signal, socket, subprocess, sys, tempfile  # these know the system they run on
ABSENT = {"fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog", "readline", "spwd"}
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name in ABSENT:
            raise ImportError(f"{name} was asked for, which Windows has not")
sys.meta_path.insert(0, Blocked())
for name in ABSENT:
    sys.modules.pop(name, None)
POSIX = """chown chroot ctermid fchmod fchown fork forkpty geteuid getegid getgid getgroups getpgid
    getpgrp getpriority getresuid getsid getuid getxattr initgroups killpg lchown lockf
    mkfifo mknod nice openpty pathconf posix_fallocate posix_spawn pread preadv pwrite readv
    sched_getaffinity setegid seteuid setgid setgroups setpgid setsid setuid
    statvfs sync sysconf tcgetpgrp ttyname uname wait wait3 wait4 waitid writev
    O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK O_SYNC
    makedev major minor""".split()
for name in POSIX:
    if hasattr(os, name):
        delattr(os, name)
for name in dir(signal):
    if name.startswith("SIG") and name not in {"SIGINT", "SIGTERM", "SIGABRT", "SIGSEGV", "SIGILL",
                                               "SIGFPE", "SIG_DFL", "SIG_IGN"}:
        delattr(signal, name)
del socket.AF_UNIX
shutil._use_fd_functions = False
real_open = os.open
def opened(path, flags, mode=0o777, *, dir_fd=None):
    if dir_fd is not None:
        raise NotImplementedError("dir_fd unavailable on this platform")
    if os.path.isdir(path):
        raise PermissionError(13, "Permission denied", path)
    return real_open(path, flags, mode)
os.open = opened
def without(name):
    real = getattr(os, name)
    def called(*words, **more):
        if any(more.get(one) is not None for one in ("dir_fd", "src_dir_fd", "dst_dir_fd")):
            raise NotImplementedError("dir_fd unavailable on this platform")
        if name == "rename" and os.path.lexists(words[1]):
            raise FileExistsError(17, "exists", words[1])
        return real(*words, **more)
    setattr(os, name, called)
for name in ("rename", "unlink", "rmdir", "mkdir", "link", "readlink", "stat"):
    without(name)
def symlinked(*words, **more):
    raise OSError(1314, "A required privilege is not held by the client")
os.symlink = symlinked
'''
_RUN = r"""
import io, json, sys
from bootready.cli import run
told, done = sys.stdout, []
for line in json.loads(sys.argv[1]):
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    try:
        code = run(line)
    except SystemExit as error:
        code = error.code
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    done.append([code, *(one.buffer.getvalue().decode() for one in (sys.stdout, sys.stderr))])
print(json.dumps(done), file=told, flush=True)  # at its end Python flushes what is `sys.stdout`
"""
"""All command lines in one process: starting one takes longer than most of them."""
WRITERS = {"apply", "undo", "up", "prepare"}
WORDS = {("fix", "--apply"), ("secrets", "rotate")}
SPECIAL = {"lsp", "mcp", "serve", "docker", "compose", "bundle"}
"""They serve, or are called by programs; libraries that serve choose by the name of the system."""

PROJECT = (
    "services:\r\n  web:\r\n    image: nginx:1.27\r\n    ports: ['80:80']\r\n"
    "    volumes:\r\n      - 'C:\\data:/data'\r\n      - './conf:/etc/conf:ro'\r\n"
    "      - '\\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine'\r\n"
    "    environment: {A: '${TAG:-1}', B: \"$WORD\"}\r\n    secrets: [token]\r\n"
    "    env_file: [web.env]\r\nsecrets: {token: {file: ./kept/token}}\r\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the line ends and paths of Windows, in a directory with a space."""
    made = tmp_path / "my Project"
    (made / "conf").mkdir(parents=True)
    (made / "compose.yaml").write_bytes(PROJECT.encode())
    (made / ".env").write_bytes(b"WORD=two words\r\n# a remark\r\nTAG='2'\r\n")
    (made / "web.env").write_bytes(b"LAST=line\r\nEMPTY=\r\n")
    (made / "plan.json").write_text("{}")
    return made


class Done(NamedTuple):
    code: int
    out: str
    err: str


def ask(lines: list[list[str]], directory: Path) -> list[Done]:
    """Run command lines where Windows is taken for: in a child that lacks what Windows lacks."""
    python = os.environ.get("BOOTREADY_WINDOWS_PYTHON", "")
    ours = [sys.executable, "-c", _TAKEN_AWAY + _RUN]
    argv = [*shlex.split(python), "-c", _RUN] if python else ours
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DOCKER_", "COMPOSE_"))},
        "BOOTREADY_COMPOSE": "no-such-program",
        "XDG_STATE_HOME": str(directory.parent / "state"),
        "LC_ALL": "C.UTF-8",
        "PATH": str(directory.parent / "no programs"),
    }
    done = subprocess.run(
        [*argv, json.dumps(lines)], cwd=directory, env=environ, capture_output=True, text=True,
        check=True, timeout=240, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return [Done(*one) for one in json.loads(done.stdout.splitlines()[-1])]


def test_every_verb_that_reads_does_its_work_and_the_others_name_wsl(project):
    lines = [
        [name, *words]
        for name, ways in ARGUMENTS.items()
        if name not in SPECIAL
        for words in ways[:2]
    ]
    lines += [["prepare", "--dry-run"], ["report", "-o", "page.html"], ["check", "-r", "."],
              ["validate", "--output", "sarif=x.sarif"], ["bundle", "--list"]]  # fmt: skip
    (project / "compose.yaml").write_text(PROJECT.replace("\\\\.\\pipe", "pipe"))
    for line, done in zip(lines, ask(lines, project), strict=True):
        assert "Traceback" not in done.err, (line, done.err)
        assert done.code in {0, 1, 2}, (line, done.err)
        writes = (line[0] in WRITERS and "--dry-run" not in line) or tuple(line[:2]) in WORDS
        assert ("WSL 2" in done.err) == writes, line
    assert (project / "page.html").read_text().startswith("<!doctype html>")
    assert json.loads((project / "x.sarif").read_text())["runs"]


def test_crlf_and_paths_of_windows_are_read_as_they_are(project):
    model = json.loads(ask([["config", "--format", "json", "--no-consistency"]], project)[0].out)
    web = model["services"]["web"]
    assert web["environment"] == {"A": "2", "B": "two words", "LAST": "line", "EMPTY": ""}
    first, second, pipe = web["volumes"]
    assert (first["source"], first["target"]) == ("C:\\data", "/data")
    assert second["source"].replace("\\", "/").endswith("my Project/conf")
    assert pipe["source"] == "\\\\.\\pipe\\docker_engine"


def test_no_module_of_linux_is_asked_for_at_the_top_of_ours():
    """Where one is needed, it is imported in the function that needs it."""
    root = Path(bootready.__file__).parent
    asked = {
        (path.relative_to(root), name)
        for path in root.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (getattr(node, "module", None) or node.names[0].name,)
        if name in {"fcntl", "grp", "pwd", "resource", "termios"}
    }
    assert asked == set()
