"""Docker itself agrees with each ERROR: it refuses the bad project and boots the good one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import tomllib

import pytest

from catalogue.fixture import HERE
from engine_support import require_busybox, require_compose

MAKES = re.compile(r"\b(Creat|Build|Built|Pull|Start)")
"""Words of Compose's progress once the engine is asked to make something."""
STEP = re.compile(r"^ *(Network|Volume|Container) (\S+) +(\w+)", re.MULTILINE)
FIXED = re.compile(r"\b(subnet|ip_range|container_name|name):")
"""What the bad project and the good one take from the same machine under the same name."""
PROOFS = sorted(path.parent.name for path in HERE.glob("*/proof.toml"))


@pytest.fixture(scope="module")
def left_behind():
    """The projects of which an interrupted run left something."""
    require_busybox()
    return _projects_here()


@pytest.fixture(scope="module")
def away_at_the_end():
    """Take projects down of which the engine was still making something, by the command for each.

    Compose returns at the first failure. What it asked for beside it is there a moment later. If a
    plugin is absent, it takes the engine 15 s to say so, and whoever takes it down waits as long.
    """
    commands = {}
    yield commands
    here = _projects_here() & set(commands)
    for project in here:
        _run(commands[project], None)
    assert not _projects_here() & here


@pytest.mark.engine
@pytest.mark.compose
@pytest.mark.parametrize("major", [5, 2])
@pytest.mark.parametrize("check_id", PROOFS)
def test_docker_agrees(check_id, major, tmp_path, left_behind, away_at_the_end):
    """The bad project fails with the words of the proof; the good one comes up."""
    compose = require_compose(major)
    proof = tomllib.loads((HERE / check_id / "proof.toml").read_text(encoding="utf-8"))
    for name in ("bad", "good"):
        directory = tmp_path / name
        shutil.copytree(HERE / check_id / name, directory)
        project = f"bootready-proof-{check_id}-{major}-{name}"
        base = [*compose.command, "-p", project, "--project-directory", str(directory)]
        base += ["-f", str(directory / "compose.yaml"), "--progress", "plain"]
        away = [*base, "down", "-v", "-t", "0", "--remove-orphans", "--rmi", "local"]
        if project in left_behind:
            _run(away, directory)
        asked = f"{project} Created"  # as if, should it be interrupted
        try:
            done = _run([*base, *proof["compose"]], directory)
            asked = done.stdout + done.stderr
        finally:
            if MAKES.search(asked):
                late = _unfinished(asked)
                fixed = FIXED.search((directory / "compose.yaml").read_text(encoding="utf-8"))
                if late or proof[name]["exit_code"]:
                    away_at_the_end[project] = away
                if fixed or "Container" in asked or not late:
                    _run(away, directory)
                if fixed and late:
                    time.sleep(1)
                    _run(away, directory)
        said = f"{name}: {done.stdout}{done.stderr}"
        assert done.returncode == proof[name]["exit_code"], said
        assert proof[name].get("stderr_contains", "") in done.stdout + done.stderr, said


def _unfinished(said):
    """Return the kinds of which Compose had asked for one, and did not see it made."""
    last = {(kind, name): word for kind, name, word in STEP.findall(said)}
    words = ("Creating", "Starting", "Error")
    return {kind for (kind, _), word in last.items() if word in words}


def _projects_here():
    label = '{{.Label "com.docker.compose.project"}}'
    listed = (("ps", "--all"), ("network", "ls"), ("volume", "ls"))
    commands = [["docker", *words, "--format", label] for words in listed]
    told = [subprocess.run(one, check=True, capture_output=True, text=True) for one in commands]
    return {name for one in told for name in one.stdout.split()}


def _run(command, directory):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMPOSE_")}
    return subprocess.run(
        command,
        check=False,
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
