"""`up --target swarm` ends with the right verdict where `docker stack deploy` does not end.

This is what one manager can show of ten faulty stacks.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from deployed import UP, bootready, project

pytestmark = pytest.mark.engine
T = TypeVar("T")

HEAD = """\
x-service: &service
  image: bootready.local/busybox:1
  command: [sleep, "600"]
  init: true
  stop_grace_period: 1s
  restart: always
x-probe: &probe {interval: 1s, timeout: 2s, retries: 300}
services:
"""
LOOP = """\
  a:
    <<: *service
    command: [sh, -c, "echo the token sesame is bad; exit 3"]
    deploy: {restart_policy: {condition: any, delay: 0s}}
  b: {<<: *service}
"""
MANY = """\
  absent: {<<: *service, image: "bootready.local/absent:1"}
  source: {<<: *service, volumes: ["/nowhere-at-all:/data"]}
  first: {<<: *service, ports: ["18090:80"]}
  second: {<<: *service, ports: ["18090:81"]}
  label: {<<: *service, x-bootready: {swarm: {pin: disk=ssd}}}
  huge: {<<: *service, deploy: {resources: {reservations: {memory: 900t}}}}
  once: {<<: *service, command: ["false"], restart: "no"}
  done: {<<: *service, command: ["true"], restart: on-failure}
  sound: {<<: *service}
"""
NAMES = """\
  a: {<<: *service, healthcheck: {<<: *probe, test: "nslookup b"}}
  b: {<<: *service, healthcheck: {<<: *probe, test: "nslookup a"}}
"""
LATE = """\
  a: {<<: *service, healthcheck: {<<: *probe, test: "false"}}
"""
FAULTS = {
    "loop": (LOOP, ["not ready[stack-task-crashing]: service 'a': its tasks ended"]),
    "names": (
        NAMES,
        ["service 'a': its healthcheck waits for a name that does not exist yet"],
    ),
    "late": (LATE, ["service 'a': it did not come up in time", "the time ran out"]),
    "many": (
        MANY,
        [
            "not ready[stack-task-rejected]: service 'absent': every node rejects it",
            "No such image: bootready.local/absent:1",
            "remedy: create /nowhere-at-all on each node",
            "its port is taken on every node",
            "port 18090 is taken by service 'many_",
            "not ready[stack-task-unplaced]: service 'label': no node may run it",
            "remedy: docker node update --label-add disk=ssd NODE",
            "node.labels.disk == ssd (it has no such label)",
            "service 'huge': no node is large enough for it",
            "not ready[stack-task-failed]: service 'once': it ended with an error",
        ],
    ),
}
"""The services of a stack, and what is said of them."""


def faulty(manager: dict[str, str], directory: Path, name: str) -> str:
    """Boot one of the faulty stacks; return what it said, once that is right."""
    services, words = FAULTS[name]
    made = project(directory, HEAD + services, name)
    limit = ("--timeout", "6") if name == "late" else ()
    done = bootready(manager, made, *UP, *limit)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert [one for one in words if one not in done.stdout] == [], said
    return said


def each(do: Callable[[str], T]) -> dict[str, T]:
    """Do something for every stack at the same time: they wait, each for a fault of its own."""
    with ThreadPoolExecutor(max_workers=len(FAULTS)) as pool:
        return dict(zip(FAULTS, pool.map(do, FAULTS), strict=True))


@pytest.mark.slow
def test_every_fault_has_its_verdict_and_nothing_is_left(manager, tmp_path):
    said = each(lambda name: faulty(manager, tmp_path, name))
    assert "last lines it wrote:" in said["loop"]
    assert "the token **** is bad" in said["loop"]
    assert "service 'sound'" not in said["many"]
    assert "docker stack ps --no-trunc many; bootready diagnose" in said["many"]
    diagnosed = bootready(manager, tmp_path / "names", "diagnose", "--target", "swarm", "--json")
    found = json.loads(diagnosed.stdout)["diagnoses"]
    assert {one["symptom"] for one in found} == {"stack-health-deadlock"}
    down = each(lambda name: bootready(manager, tmp_path / name, "down", "--target", "swarm"))
    assert {one.returncode for one in down.values()} == {0}, down
    listed = ["docker", "network", "ls", "--format", "{{.Name}}"]
    left = subprocess.run(listed, env=manager, capture_output=True, text=True, check=True).stdout
    assert not {f"{name}_default" for name in FAULTS} & set(left.split())


ROLLS = """\
  a:
    <<: *service
    command: ["sh", "-c", "cat /run/secrets/token >/dev/null; $COMMAND"]
    secrets: [token]
    deploy:
      restart_policy: {condition: none}
      update_config: {failure_action: rollback, monitor: $MONITOR}
      rollback_config: {monitor: 100ms}
secrets:
  token: {environment: TOKEN}
"""


@pytest.mark.slow
def test_a_rollback_is_no_success_and_an_interruption_leaves_a_stated_state(manager, tmp_path):
    """`docker stack deploy --detach=false` is 0 after the rollback; then a half-removed stack."""
    made = project(tmp_path, HEAD + ROLLS, "rolls")
    good = {**manager, "COMMAND": "sleep 600", "MONITOR": "100ms"}
    bad = {**manager, "COMMAND": "false", "MONITOR": "60s"}
    assert bootready(good, made, *UP).returncode == 0
    done = bootready(bad, made, *UP)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "not ready[stack-update-undone]: service 'a'" in done.stdout
    half_removed(manager)
    done = interrupted(good, made, " s  a")
    assert "of an earlier removal is left, and used again: network 'rolls_default'" in done.stderr
    assert done.returncode == 130, done.stdout + done.stderr
    assert "interrupted after" in done.stdout
    assert "the swarm goes on with what it was given" in done.stderr
    down = ("down", "--target", "swarm", "--timeout")
    done = bootready(manager, made, *down, "10")  # its task ends after one second, or soon after
    assert done.returncode == 1, done.stdout + done.stderr
    assert "network 'rolls_default', container 'holder', which holds it left" in done.stdout
    subprocess.run(["docker", "rm", "-f", "holder"], env=manager, capture_output=True, check=True)
    done = bootready(manager, made, *down, "60")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not secrets_of(manager, "rolls")


def secrets_of(manager: dict[str, str], stack: str) -> list[str]:
    """Return the names of the secrets that belong to a stack."""
    label = f"label=com.docker.stack.namespace={stack}"
    listed = ["docker", "secret", "ls", "--filter", label, "--format", "{{.Name}}"]
    done = subprocess.run(listed, env=manager, capture_output=True, text=True, check=True)
    return done.stdout.split()


def half_removed(manager: dict[str, str]) -> None:
    """Remove the stack while a container of somebody else holds its network: that one stays."""
    holder = ["docker", "run", "-d", "--name", "holder", "--network", "rolls_default"]
    holder += ["bootready.local/busybox:1", "sleep", "600"]
    subprocess.run(holder, env=manager, capture_output=True, check=True)
    remove = ["docker", "stack", "rm", "rolls"]
    subprocess.run(remove, env=manager, capture_output=True, check=False)


def interrupted(
    manager: dict[str, str], directory: Path, words: str
) -> subprocess.CompletedProcess[str]:
    """Interrupt `up` when it says `words` on standard error, long before it would end by itself."""
    inside = ["nsenter", f"--net=/proc/{manager['ENGINE_PROCESS']}/ns/net"]
    command = [*inside, sys.executable, "-m", "bootready", *UP, "--settle", "60"]
    with subprocess.Popen(
        command,
        cwd=directory,
        env={**manager, "XDG_STATE_HOME": str(directory.parent / "state")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        heard = []
        for line in process.stderr:
            heard.append(line)
            if words in line:
                process.send_signal(signal.SIGINT)
                break
        said, rest = process.communicate(timeout=120)
    return subprocess.CompletedProcess(command, process.returncode, said, "".join(heard) + rest)
