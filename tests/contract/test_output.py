"""An output that is full, closed or of a small alphabet ends no command with a traceback."""

from __future__ import annotations

import os
import shlex
import subprocess

import pytest

from command_lines import command_lines, start

PROJECT = """\
services: {web: {image: "busybox:${TAG:-1}", secrets: [token], env_file: "./자리/없음.env"}}
secrets: {token: {file: "./자리/${ODD}"}}
"""
TO = {"full": ("/dev/full", os.O_WRONLY), "closed": ("/dev/null", os.O_RDONLY)}


@pytest.fixture
def project(tmp_path):
    where = tmp_path / "프로젝트"
    where.mkdir()
    (where / "compose.yaml").write_text(PROJECT, encoding="utf-8")
    (where / ".env").write_bytes(b"ODD=\xff\xfe\nTAG=1\n")
    return where


ENGINE = {"DOCKER_HOST": "unix:///nowhere.sock", "BOOTREADY_COMPOSE": "/bin/true"}


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_every_command_writes_what_its_encoding_cannot(project, encoding):
    """Names of the project are Korean, and one has bytes that are no text at all."""
    first = {line[0]: line for line in reversed(command_lines())}
    for line in (*first.values(), ["check", "--format", "sarif"], ["check", "--format", "gitlab"]):
        with start(line, project, {**ENGINE, "PYTHONIOENCODING": encoding}) as process:
            _, stderr = process.communicate(timeout=120)
        assert process.returncode in {0, 1, 2}, (line, stderr)
        assert b"Traceback" not in stderr, line


@pytest.mark.parametrize("name", ["check", "report", "prepare"])
@pytest.mark.parametrize("kind", sorted(TO))
def test_an_output_that_takes_nothing_is_said(project, name, kind):
    number = os.open(*TO[kind])
    try:
        with start([name], project, ENGINE, stdout=number) as process:
            _, stderr = process.communicate(timeout=120)
    finally:
        os.close(number)
    assert process.returncode in {1, 2}, stderr
    assert b"Traceback" not in stderr


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-"])
def test_a_closed_stream_changes_no_verdict(project, closed):
    """`>&-` of a shell: the number is free, and Python has no stream for it."""
    with start(["check"], project, ENGINE) as process:
        process.communicate(timeout=120)
    words = f"{shlex.join(map(str, process.args))} {closed}"
    environ = {"PATH": os.environ["PATH"], "HOME": str(project), **ENGINE}
    found = subprocess.run(
        words, shell=True, cwd=project, env=environ, capture_output=True, check=False
    )
    assert found.returncode == process.returncode
    assert b"Traceback" not in found.stderr
