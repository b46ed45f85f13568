"""Every command in every bad environment: a message and an ordinary exit code, never a traceback.

In one process, because most of the time of a command is its interpreter's start; what needs a
process of its own is in `test_output.py` and `test_engine_address.py`.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bootready import cli
from command_lines import command_lines

PROJECT = """\
services: {web: {image: "busybox:${TAG:-1}", secrets: [token], volumes: ["./certs:/certs"]}}
secrets: {token: {file: ./kept/token}}
"""
Setting = Callable[[pytest.MonkeyPatch, Path], None]


def variables(**values: str | None) -> Setting:
    """Return what sets variables of the environment, or takes them away."""

    def apply(patch: pytest.MonkeyPatch, _project: Path) -> None:
        for name, value in values.items():
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)

    return apply


def deleted_directory(patch: pytest.MonkeyPatch, project: Path) -> None:
    gone = project.parent / "gone"
    gone.mkdir()
    patch.chdir(gone)
    gone.rmdir()


def no_temporary_directory(patch: pytest.MonkeyPatch, _project: Path) -> None:
    patch.setenv("TMPDIR", "/dev/null/x")
    patch.setattr(tempfile, "tempdir", "/dev/null/x")


def index(content: bytes | None) -> Setting:
    """Return what puts something else in the place of git's index."""

    def apply(_patch: pytest.MonkeyPatch, project: Path) -> None:
        path = project / ".git" / "index"
        path.unlink(missing_ok=True)
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content)

    return apply


def settings(name: str, content: bytes) -> Setting:
    def apply(_patch: pytest.MonkeyPatch, project: Path) -> None:
        (project / ".git" / name).write_bytes(content)

    return apply


DAMAGED = {
    "a damaged index": index(b"DIRC\0\0\0\2\0\0\xff\xff"),
    "an index of another kind": index(os.urandom(64)),
    "an index that is a directory": index(None),
}
SETTINGS: dict[str, Setting] = {
    **DAMAGED,
    "damaged settings of git": settings("config", b"[core\0\xff"),
    "an address that is none": variables(DOCKER_HOST="tcp://[::1"),
    "an engine that is not there": variables(DOCKER_HOST="tcp://127.0.0.1:1"),
    "no TLS files": variables(DOCKER_HOST="tcp://127.0.0.1:1", DOCKER_TLS_VERIFY="1"),
    "an unknown context": variables(DOCKER_HOST=None, DOCKER_CONTEXT="\udcff"),
    "no Compose": variables(BOOTREADY_COMPOSE="/nonexistent/compose"),
    "no home": variables(HOME=None, XDG_STATE_HOME=None),
    "a home that cannot be written": variables(HOME="/dev/null/x", XDG_STATE_HOME=None),
    "a home that is relative": variables(HOME="here", XDG_STATE_HOME=None),
    "a state that cannot be written": variables(XDG_STATE_HOME="/dev/null/x"),
    "a state that takes no directories": variables(XDG_STATE_HOME="/proc/self"),
    "no path": variables(PATH=None),
    "an empty path": variables(PATH=""),
    "no temporary directory": no_temporary_directory,
    "no current directory": deleted_directory,
    "a wrong number of columns": variables(COLUMNS="-1", LINES="x", TERM="\udcff"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "project"
    where.mkdir()
    subprocess.run(["git", "init", "-q", str(where)], check=True)
    (where / "compose.yaml").write_text(PROJECT, encoding="utf-8")
    (where / "kept").mkdir()
    subprocess.run(["git", "-C", str(where), "add", "-A"], check=True)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("BOOTREADY_COMPOSE", "/bin/true")
    return where


def first_of_each() -> Iterator[list[str]]:
    lines = {line[0]: line for line in reversed(command_lines())}
    yield from lines.values()


def said(line: list[str], project: Path) -> tuple[int, str]:
    place = [] if line[0] in {"checks", "compose"} else ["-C", str(project)]
    words = io.StringIO()
    with contextlib.redirect_stdout(words), contextlib.redirect_stderr(words):
        code = cli.run([line[0], *place, *line[1:]])
    return code, words.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_bad_environment_is_a_message(project, monkeypatch, name):
    SETTINGS[name](monkeypatch, project)
    for line in first_of_each():
        code, words = said(line, project)
        assert code in {0, 1, 2}, (line, words)
        assert "Traceback" not in words, line
        assert words or line[0] in {"compose", "names"}, line


@pytest.mark.parametrize("name", sorted(DAMAGED))
def test_an_index_that_cannot_be_read_is_said(project, monkeypatch, name):
    """Or `check` would be silent as if git tracked no secret."""
    DAMAGED[name](monkeypatch, project)
    _, words = said(["check", "--engine", "none", "-v"], project)
    assert "skipped[secret-tracked-by-git]: the git index cannot be read" in words


@pytest.mark.parametrize("kind", ["full", "closed"])
def test_an_output_that_takes_nothing_ends_every_command(project, kind):
    """As `>/dev/full` and `>&-` of a shell; a script has to see that it got nothing."""
    target = ("/dev/full", os.O_WRONLY) if kind == "full" else (os.devnull, os.O_RDONLY)
    for line in first_of_each():
        place = [] if line[0] in {"checks", "compose"} else ["-C", str(project)]
        errors = io.StringIO()
        code = 3
        with (
            contextlib.suppress(OSError),
            os.fdopen(os.open(*target), "w") as stream,
            contextlib.redirect_stdout(stream),
            contextlib.redirect_stderr(errors),
        ):
            code = cli.run([line[0], *place, *line[1:]])
        assert code in {0, 1, 2}, (line, errors.getvalue())
        assert "Traceback" not in errors.getvalue(), line
