"""Ctrl-C at any moment of `bootready up` -> no child is left, what runs is said, exit code 130."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bootready.boot.progress import INTERRUPTED

sys.path.insert(0, str(Path(__file__).parent))
from cases import probe, service
from stacks import wait_until, write

from signals import answering_ctrl_c

pytestmark = pytest.mark.engine

NEVER = probe("[CMD, test, -f, /tmp/ok]", retries=99)


MOMENTS = ("imported", "prepared", "compose", "running")
"""Ctrl-C when modules are being imported, a secret is made, Compose is started, a container runs.

What is waited for is seen from outside; bootready may be further by the time of the signal.
"""


def wait_until_running(container: str) -> None:
    wait_until(["docker", "inspect", "--format", "{{.State.Running}}", container], "true")


def wait_for(moment: str, process: subprocess.Popen[str], directory: Path, project: str) -> None:
    """Wait until bootready is where `moment` says; fail if it is not within a minute."""
    maps = Path(f"/proc/{process.pid}/maps")
    come: dict[str, Callable[[], bool]] = {
        "imported": lambda: "_yaml" in maps.read_text(),
        "prepared": (directory / "pw.txt").exists,
        "compose": lambda: bool(children_of(project)),
    }
    if moment == "running":
        wait_until_running(f"{project}-a-1")
        return
    for _ in range(6000):
        assert process.poll() is None, "it ended before"
        if come[moment]():
            return
        time.sleep(0.01)
    raise AssertionError(f"a minute, and not {moment}")


def start(directory: Path, project: str, *options: str) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "bootready", "up", "--no-check", "-p", project, *options]
    with answering_ctrl_c():
        return subprocess.Popen(
            argv, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )


def children_of(project: str) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if entry.name.isdigit() and project.encode() in words and b"bootready" not in words:
            found.append(entry.name)
    return found


@pytest.fixture(autouse=True)
def found_compose(compose: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOTREADY_COMPOSE", compose)


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_leaves_no_child_behind(tmp_path: Path, project: str, moment: str) -> None:
    text = "services:\n" + service("a", NEVER, "secrets: [pw]") + service("b", "depends_on: [a]")
    # A text with an escape is read by libyaml, which is seen among the modules; plain YAML is not.
    text += 'secrets: {pw: {file: ./pw.txt}}\nx-note: "\\x2d"\n'
    write(tmp_path, {"compose.yaml": text})
    process = start(tmp_path, project)
    wait_for(moment, process, tmp_path, project)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    # One that was being started in this very moment is ended by its guard (ADR 36).
    for _ in range(1500):
        if not children_of(project):
            break
        time.sleep(0.01)
    assert not children_of(project)
    assert "Traceback" not in err
    if moment == "running":
        assert INTERRUPTED in err
        assert "running: a (starting)" in out, out + err
    secret = tmp_path / "pw.txt"
    assert not secret.exists() or secret.read_text(), "whole or not at all"
    assert not [name for name in os.listdir(tmp_path) if "tmp" in name]


def test_ctrl_c_while_endpoints_are_asked(tmp_path: Path, project: str) -> None:
    text = "services:\n" + service("a", "ports: ['127.0.0.1::80']")
    write(tmp_path, {"compose.yaml": text})
    process = start(tmp_path, project, "--settle", "0.5")
    assert process.stderr is not None
    asked = next((line for line in process.stderr if "asking endpoints" in line), None)
    assert asked is not None, "it never asked"
    process.send_signal(signal.SIGINT)
    # The guard is less than the time that the endpoint still has.
    out, err = process.communicate(timeout=45)
    assert process.returncode == 130, err
    assert "running: a (running)" in out


def test_json_lines_end_with_the_outcome(tmp_path: Path, project: str) -> None:
    write(tmp_path, {"compose.yaml": "services:\n" + service("a")})
    report = tmp_path / "line.json"
    process = start(tmp_path, project, "--json", "--settle", "0.5", "--report", str(report))
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["event"] for line in lines][-1] == "end"
    assert {"state", "end"} == {line["event"] for line in lines}
    assert json.loads(report.read_text())["critical_path"] == ["a"]


def test_a_failed_stack_is_taken_down_on_request(
    tmp_path: Path, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    text = "services:\n" + service("a", command="[sh, -c, 'exit 3']") + service("b")
    write(tmp_path, {"compose.yaml": text})
    process = start(tmp_path, project, "--down-on-failure")
    out, err = process.communicate(timeout=90)
    assert process.returncode == 1
    assert "::group::bootready up" in err
    assert err.count("::endgroup::") == 1
    assert "not ready[process-ended]: service 'a'" in out
    listed = ["docker", "ps", "-aq", "--filter", f"label=com.docker.compose.project={project}"]
    done = subprocess.run(listed, check=True, capture_output=True, text=True, timeout=30)
    assert done.stdout == ""
