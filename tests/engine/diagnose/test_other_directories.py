"""Two directories of one name are one project to Compose, but not to bootready."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine_support import BUSYBOX

pytestmark = pytest.mark.engine

SERVICE = f"image: {BUSYBOX}, command: [sleep, '300'], stop_grace_period: 0s"
TEXT = f"services: {{db: {{{SERVICE}}}}}\n"
ASKING = f"services: {{db: {{{SERVICE}, x-bootready: {{verify: [{{exec: [touch, /asked]}}]}}}}}}\n"
"""A project that wants something run in its container, to know that it is up."""


def test_up_does_not_replace_what_another_directory_started(
    tmp_path: Path, project: str, compose: str
) -> None:
    first, second = tmp_path / "one" / "docker", tmp_path / "two" / "docker"
    for directory in (first, second):
        directory.mkdir(parents=True)
        (directory / "compose.yaml").write_text(TEXT)
    argv = [*compose.split(), "-p", project, "up", "-d"]
    subprocess.run(argv, cwd=first, check=True, capture_output=True, timeout=60)
    (tmp_path / "compose.yaml").write_text(TEXT)  # for the fixture, which takes the project down
    before = container(project)
    refused = bootready(second, project, compose, "up")
    assert refused.returncode == 1
    assert f"project '{project}': '{first}' has 1 container of this name" in refused.stdout
    assert container(project) == before
    (second / "compose.yaml").write_text(ASKING)
    for command in ("diagnose", "diagnose --json"):
        looked = bootready(second, project, compose, *command.split())
        assert looked.returncode == 1
    assert (
        "these containers belong to another directory"
        in bootready(second, project, compose, "diagnose").stdout
    )
    asked = ["docker", "exec", f"{project}-db-1", "test", "-e", "/asked"]
    assert subprocess.run(asked, check=False, timeout=60).returncode == 1
    shutil.rmtree(first)  # a project that was moved may go on with its containers
    assert "project-taken" not in bootready(second, project, compose, "check").stdout


def bootready(
    directory: Path, project: str, compose: str, *command: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of bootready in `directory` on the project of that name."""
    environ = {**os.environ, "COMPOSE_PROJECT_NAME": project, "BOOTREADY_COMPOSE": compose}
    argv = [sys.executable, "-m", "bootready", *command]
    return subprocess.run(
        argv, cwd=directory, env=environ, check=False, capture_output=True, text=True, timeout=60
    )


def container(project: str) -> str:
    """Return the id of the project's container."""
    argv = ["docker", "inspect", "--format", "{{.Id}}", f"{project}-db-1"]
    return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout
