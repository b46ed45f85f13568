"""Programs that die again and again, looked at in every moment of their lives: never "ready"."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from cases import probe, service, shell
from stacks import wait_until, write

from bootready import load
from bootready.boot.look import look_at
from bootready.engine.api import connect
from bootready.model.boot import BootOutcome, Phase
from bootready.model.project import Project

pytestmark = [pytest.mark.engine, pytest.mark.slow]

LIVES = {"brief": 0.3, "short": 1.7, "middling": 3.0, "long": 6.0}
"""Seconds from each start to each death."""
LOOKS = 4
"""At a service, spread over its life."""


def test_a_crash_loop_is_never_ready(tmp_path: Path, project: str, compose: str) -> None:
    healthy = probe("[CMD, 'true']")
    text = "services:\n"
    for name, seconds in LIVES.items():
        loop = shell(f"sleep {seconds}; exit 3")
        text += service(name, "restart: always", command=loop)
        text += service(f"{name}-healthy", "restart: unless-stopped", healthy, command=loop)
    write(tmp_path, {"compose.yaml": text})
    argv = [*compose.split(), "-p", project, "up", "-d"]
    subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    loaded = load(tmp_path)._replace(name=project)
    names = [*LIVES, *(f"{name}-healthy" for name in LIVES)]
    for name in names:
        count = ["docker", "inspect", "--format", "{{ge .RestartCount 1}}"]
        wait_until([*count, f"{project}-{name}-1"], "true")
    with ThreadPoolExecutor(len(names)) as pool:
        looks = list(pool.map(lambda name: looked(loaded, name), names))
    for name, outcomes in zip(names, looks, strict=True):
        for outcome in outcomes:
            [state] = outcome.states
            assert not outcome.ready, name
            assert state.phase is not Phase.READY, name
            [found] = outcome.diagnoses
            assert (found.symptom, found.service) == ("process-ended", name)
            assert "exit 3" in found.headline


def looked(project: Project, name: str) -> list[BootOutcome]:
    """Return what is seen of a service in the quarters of its life, one after another."""
    api = connect(os.environ)
    found = []
    for quarter in range(LOOKS):
        time.sleep(LIVES[name.removesuffix("-healthy")] * quarter / LOOKS)
        found.append(look_at(project, api, [name], watch=True))
    return found


def test_what_was_mended_is_believed_after_a_while(
    tmp_path: Path, project: str, compose: str
) -> None:
    """A container that died twice, and then has what it needs: watched, and then ready."""
    loop = shell("test -e /tmp/2 && exec sleep 999; touch /tmp/$$(ls /tmp | wc -l); exit 1")
    write(tmp_path, {"compose.yaml": "services:\n" + service("a", "restart: always", command=loop)})
    argv = [*compose.split(), "-p", project, "up", "-d"]
    subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    said: list[str] = []
    loaded = load(tmp_path)._replace(name=project)
    now = "{{.RestartCount}} {{.State.Status}}"
    wait_until(["docker", "inspect", "--format", now, f"{project}-a-1"], "3 running")
    api = connect(os.environ)
    assert look_at(loaded, api, watch=False).states[0].phase is Phase.STARTING
    outcome = look_at(loaded, api, watch=True, tell=lambda names, _: said.extend(names))
    assert outcome.ready
    assert said == ["a"]
