"""A stack that somebody else has started -> `status` and `diagnose`, for people and programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from cases import probe, service, shell
from stacks import wait_until, write

from bootready.cli import run

pytestmark = pytest.mark.engine


def test_a_stack_of_somebody_else(
    tmp_path: Path,
    project: str,
    compose: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (
        "services:\n"
        + service("good")
        + service("bad", "depends_on: [good]", command=shell("echo no table; exit 3"))
        + service("ill", probe("[CMD, curl, localhost]"))
    )
    write(tmp_path, {"compose.yaml": text})
    argv = [*compose.split(), "-p", project, "up", "-d"]
    subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    state = ["docker", "inspect", "--format"]
    wait_until([*state, "{{.State.Health.Status}}", f"{project}-ill-1"], "unhealthy")
    wait_until([*state, "{{.State.ExitCode}} {{.State.Running}}", f"{project}-bad-1"], "3 false")
    which = ["-C", str(tmp_path), "-p", project]

    assert run(["status", *which]) == 1
    assert "1 of 3 services up" in capsys.readouterr().out
    assert run(["status", "--json", *which]) == 1
    said = json.loads(capsys.readouterr().out)
    phases = {one["service"]: one["phase"] for one in said["services"]}
    assert phases == {"good": "ready", "bad": "failed", "ill": "failed"}
    assert said["timeline"]["services"].keys() == phases.keys()

    assert run(["diagnose", "--json", *which]) == 1
    said = json.loads(capsys.readouterr().out)
    found = {one["service"]: (one["symptom"], one["line"]) for one in said["diagnoses"]}
    assert found["bad"][0] == "process-ended"
    assert found["ill"][0] == "probe-cannot-run"
    assert all(line for _, line in found.values()), "every diagnosis has its place"
    assert run(["status", *which, "good"]) == 0
