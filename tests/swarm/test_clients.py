"""The docker client reads every stack file that we write, and says the same of it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootready.errors import ProjectError
from bootready.pipeline.stack import Rendered
from swarm_cases import TOPICS, Case, apart, cases, joined, plant, stack

CASES = [case for topic in TOPICS for case in cases(topic)]


@pytest.fixture(scope="module")
def client() -> str:
    """A docker client that has `stack config`: 20.10 has not, and there is none everywhere."""
    program = shutil.which("docker")
    if program is None:
        pytest.skip("no 'docker' on PATH")
    command = [program, "stack", "config", "--help"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if "Outputs the final config file" not in asked.stdout:
        pytest.skip("this docker client has no `stack config`")
    return program


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("shop")
    plant(made)
    return made


def rendered_cases(directory: Path) -> Iterator[tuple[Case, Rendered]]:
    for case in CASES:
        try:
            yield case, stack(directory, case)
        except ProjectError:
            continue


def read(client: str, text: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Return what `docker stack config` says of a stack file on its standard input."""
    return subprocess.run(
        [client, "stack", "config", "-c", "-"],
        input=text,
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_client_reads_them_without_a_word(client, directory):
    """All in one file; one that it refuses is then found by reading each alone."""
    found = list(rendered_cases(directory))
    assert len(found) > 140
    done = read(
        client, joined([apart(one, f"c{i}-") for i, (_, one) in enumerate(found)]), directory
    )
    if done.returncode or done.stderr:
        for case, made in found:
            alone = read(client, made.text(reveal=True), directory)
            assert (alone.returncode, alone.stderr) == (0, ""), case.name
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_hidden_cannot_be_deployed(client, directory):
    """A text for a screen has no password in it, and must not set an empty or a wrong one."""
    case = Case("", "services: {db: {image: 'busybox:1', environment: {DB_PASSWORD: sesame7}}}\n")
    made = stack(directory, case)
    assert read(client, made.text(reveal=True), directory).returncode == 0
    hidden = made.text(reveal=False)
    assert "sesame7" not in hidden
    refused = read(client, hidden, directory)
    assert refused.returncode == 1
    assert "bootready stack hides a secret here" in refused.stderr
