"""What one node of several lacks, and what is left of a swarm without its leader."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from machines import Cluster, Machine, until

pytestmark = [pytest.mark.engine, pytest.mark.slow]

IMAGE = "bootready.local/on-two-of-three:1"
PARTS = f"""\
name: parts
x-service: &service
  command: [sleep, "600"]
  init: true
  stop_grace_period: 1s
  restart: always
  x-bootready: {{swarm: {{mode: global}}}}
services:
  image: {{<<: *service, image: "{IMAGE}"}}
  source: {{<<: *service, image: "bootready.local/busybox:1", volumes: ["/srv/only:/data"]}}
"""
UP = ("up", "--target", "swarm", "--no-prepare", "--no-check", "--settle", "1", "--timeout", "100")


def bootready(
    cluster: Cluster, manager: Machine, directory: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    state = directory.parent / "state"
    told = ["env", f"DOCKER_HOST={manager.host}", f"XDG_STATE_HOME={state}"]
    command = [*told, sys.executable, "-m", "bootready", *arguments]
    return cluster.switch.run(*command, cwd=directory, check=False, seconds=200)


def test_what_one_node_lacks_is_named_before_and_after_and_brought_there(cluster, tmp_path):
    directory = tmp_path / "parts"
    directory.mkdir()
    (directory / "compose.yaml").write_text(PARTS)
    first, second, third = cluster.machines
    for one in (first, second):
        one.docker("tag", "bootready.local/busybox:1", IMAGE)
    second.run("mkdir", "-p", "/srv/only")
    probe = ("check", "--target", "swarm", "--only", "stack-node-lacks", "--probe", "--json")
    probed = bootready(cluster, first, directory, *probe)
    told = {one["message"] for one in json.loads(probed.stdout)["findings"]}
    assert told == {
        f"service 'image': its image '{IMAGE}' is missing on 'node3', and cannot be pulled there",
        "service 'source': '/srv/only', which it mounts, does not exist on 'node1', 'node3'",
    }
    assert first.docker("service", "ls", "-q").stdout == ""
    done = bootready(cluster, first, directory, *UP)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "not ready[stack-task-rejected]: service 'image': a node rejects it" in done.stdout
    assert f"node 'node3': No such image: {IMAGE}" in done.stdout
    assert "node 'node2': " not in done.stdout
    images = ("prepare", "--target", "swarm", "--only", "images", "--node", f"node3={third.host}")
    sent = bootready(cluster, first, directory, *images)
    assert "prepared: 1 step" in sent.stdout, sent.stdout + sent.stderr
    for one in (first, third):
        one.run("mkdir", "-p", "/srv/only")
    done = bootready(cluster, first, directory, *UP)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_swarm_without_a_leader_says_which_managers_to_start(cluster, tmp_path):
    (tmp_path / "compose.yaml").write_text(PARTS)
    first, second, third = cluster.machines
    for one in (second, third):
        one.kill()
    explained: list[subprocess.CompletedProcess[str]] = []

    def is_told() -> bool:
        asked = bootready(cluster, first, tmp_path, "diagnose", "--target", "swarm")
        explained.append(asked)
        return "the swarm has no leader" in asked.stderr

    until(is_told, lambda: explained[-1].stdout + explained[-1].stderr)
    assert explained[-1].returncode == 1
    assert "start the engines of 2 of its 3 managers" in explained[-1].stderr
    assert f"{second.address}, {third.address}" in explained[-1].stderr
    deployed = bootready(cluster, first, tmp_path, *UP)
    assert (deployed.returncode, "has no leader" in deployed.stderr) == (1, True), deployed.stderr
