"""What `bootready stack` makes is deployed by the docker clients of this machine, old and new."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from manager import one_manager

from bootready.errors import ProjectError
from bootready.pipeline.stack import Rendered
from swarm_cases import TOPICS, apart, cases, joined, plant, stack

pytestmark = pytest.mark.engine

REFUSED = {"secret of a file that is missing", "secret of an empty file"}
REFUSED |= {"secret of a file that is too large", "config of a file that is too large"}
REFUSED |= {"driver macvlan"}
"""Cases that `bootready stack` says the cluster does not take."""
MISSING = {"an external network that is missing", "external secret", "credential_spec"}
"""Cases that need something of this cluster, or of Windows."""


@pytest.fixture(scope="module")
def manager() -> Iterator[dict[str, str]]:
    with one_manager() as environment:
        yield environment


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
