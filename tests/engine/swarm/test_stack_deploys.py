"""What `bootready stack` makes is deployed by the docker clients of this machine, old and new."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from bootready.errors import ProjectError
from bootready.pipeline.stack import Rendered
from bootready.swarm.members import waiting_for_ever
from swarm_cases import TOPICS, Case, apart, cases, joined, plant, stack

pytestmark = pytest.mark.engine

REFUSED = {"secret of a file that is missing", "secret of an empty file"}
REFUSED |= {"secret of a file that is too large", "config of a file that is too large"}
REFUSED |= {"driver macvlan"}
"""Cases that `bootready stack` says the cluster does not take."""
MISSING = {"an external network that is missing", "external secret", "credential_spec"}
"""Cases that need something of this cluster, or of Windows."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("shop")
    plant(made)
    return made


def clients() -> list[str]:
    """Return the docker programs of this machine, one of each version."""
    found: dict[str, str] = {}
    for folder in os.environ["PATH"].split(os.pathsep):
        program = f"{folder}/docker"
        if os.access(program, os.X_OK):
            command = [program, "--version"]
            version = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            found.setdefault(version, program)
    return list(found.values())


def docker(
    manager: dict[str, str],
    *arguments: str,
    program: str = "docker",
    given: str = "",
    directory: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *arguments],
        input=given,
        cwd=directory,
        env=manager,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def idle(made: Rendered, number: int) -> Rendered:
    """Return a stack whose services have no tasks: the cluster takes them and starts nothing.

    Published ports are others for each `number`: a port of every node may be no node's own.
    """
    services = {}
    for name, found in made.stack.content["services"].items():
        entry = dict(found)
        for place, port in enumerate(entry.get("ports", [])):
            if "published" in port:
                port["published"] = 20000 + 10 * number + place
        deploy = dict(entry["deploy"])
        if deploy.get("mode") == "global":
            constraint = ["node.labels.nowhere == true"]
            deploy["placement"] = {"constraints": constraint}
        else:
            deploy["replicas"] = 0
        services[name] = {**entry, "deploy": deploy}
    return made._replace(
        stack=made.stack._replace(content={**made.stack.content, "services": services})
    )


PROBES = """\
x-service: &service
  image: bootready.local/busybox:1
  command: [sleep, "300"]
  init: true
services:
  lonely:
    <<: *service
    healthcheck: {test: "nslookup lonely", interval: 1s, timeout: 2s, retries: 200}
  left:
    <<: *service
    healthcheck: {test: "nslookup right", interval: 1s, timeout: 2s, retries: 200}
  right:
    <<: *service
    healthcheck: {test: "nslookup left", interval: 1s, timeout: 2s, retries: 200}
  sound: {<<: *service, healthcheck: {test: "true", interval: 1s}}
  asks:
    <<: *service
    healthcheck: {test: "nslookup sound", interval: 1s, timeout: 2s, retries: 200}
  reads:
    <<: *service
    user: "1000"
    secrets: [token]
    volumes: ["./site:/site:ro"]
    healthcheck:
      test: cat /run/secrets/token && cat /site/web.conf && test -x /site/run.sh
      interval: 1s
secrets:
  token: {file: ./token.txt}
"""


def probes_of(manager: dict[str, str]) -> dict[str, tuple[str, int]]:
    """Return the health of each service's container, and how often its probe failed in a row."""
    label = "com.docker.stack.namespace=probes"
    listed = docker(manager, "ps", "-q", "--filter", f"label={label}").stdout.split()
    found = json.loads(docker(manager, "inspect", *listed).stdout) if listed else []
    return {
        one["Config"]["Labels"]["com.docker.swarm.service.name"].removeprefix("probes_"): (
            one["State"]["Health"]["Status"],
            one["State"]["Health"]["FailingStreak"],
        )
        for one in found
    }


def test_a_name_is_known_only_once_its_probe_has_passed(manager, directory):
    """The proof of `stack-health-needs-peers`: others pass meanwhile, and read what they mount."""
    made = stack(directory, Case("", PROBES))
    deploy = ["stack", "deploy", "--resolve-image", "never", "-c", "-", "probes"]
    done = docker(manager, *deploy, given=made.text(reveal=True), directory=directory)
    assert done.returncode == 0, done.stderr
    until = time.monotonic() + 120
    waiting, passing = ("lonely", "left", "right"), ("sound", "asks", "reads")
    found = probes_of(manager)
    while time.monotonic() < until:
        healthy = all(found.get(name, ("", 0))[0] == "healthy" for name in passing)
        if healthy and all(found.get(name, ("", 0))[1] > 1 for name in waiting):
            break
        time.sleep(0.3)
        found = probes_of(manager)
    listed = docker(manager, "stack", "ps", "--no-trunc", "probes").stdout
    docker(manager, "stack", "rm", "probes")
    assert found.keys() == {*waiting, *passing}, listed
    assert {found[name][0] for name in passing} == {"healthy"}, found
    assert {found[name][0] for name in waiting} == {"starting"}, found
    reported = {service.name for service, _ in waiting_for_ever(made.project)}
    assert reported == set(waiting)


WORDS = {
    "secret of an empty file": "secret data must be larger than 0",
    "secret of a file that is too large": "less than 512000 bytes",
    "config of a file that is too large": "less than 1024000 bytes",
    "secret of a file that is missing": "no such file or directory",
    "driver macvlan": "",  # which words depends on what the kernel has
}


def test_what_is_called_refused_is_refused(manager, directory):
    """The proof of `stack-secret-too-large`, and of drivers in `stack-attribute-refused`."""
    assert set(WORDS) == REFUSED
    for case in (case for topic in TOPICS for case in cases(topic)):
        if case.name in WORDS:
            made = stack(directory, case)
            assert made.stack.is_whole is (case.name == "secret of a file that is missing")
            text = idle(made, 0).text(reveal=True)
            deploy = ["stack", "deploy", "--resolve-image", "never", "-c", "-", "refused"]
            done = docker(manager, *deploy, given=text, directory=directory)
            assert done.returncode == 1, case.name
            assert WORDS[case.name] in done.stderr
    docker(manager, "stack", "rm", "refused")


def test_every_case_is_deployed(manager, directory):
    """All of them in one stack: once for each client, then each that was refused alone."""
    stacks = []
    for index, case in enumerate(case for topic in TOPICS for case in cases(topic)):
        if case.name in REFUSED | MISSING:
            continue
        try:
            made = stack(directory, case)
        except ProjectError:
            continue
        for one in made.stack.created:
            docker(manager, one.kind[:-1], "create", one.name, "-", given=one.content.decode())
        stacks.append(apart(idle(made, index), f"c{index}-"))
    whole = joined(stacks)
    for number, program in enumerate(clients()):
        deployed = ["stack", "deploy", "--resolve-image", "never", "-c", "-", f"s{number}"]
        done = docker(manager, *deployed, program=program, given=whole, directory=directory)
        assert done.returncode == 0, done.stderr[-2000:]
        assert "gnoring" not in done.stderr
        docker(manager, "stack", "rm", f"s{number}")
