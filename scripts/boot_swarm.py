#!/usr/bin/env python3
"""A checkout and a swarm of three nodes -> the core stack on it. What `make up-swarm` runs.

usage: boot_swarm.py [-C DIRECTORY] [ARGUMENT OF bootready up ...]

The swarm is the one whose manager the docker client asks (DOCKER_HOST, or its context). `bootready
prepare` gives the labels that services are pinned to; the directories of their data are made on the
nodes by jobs of the swarm, if they are not there: nothing has to be installed or copied there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import setup
from setup import say

WITHIN = 120.0
"""Seconds for one job; a node without its image has to pull it first."""
MAKE = """
for wish in "$@"; do
  owner=${wish%%@*}
  path=/node${wish#*@}
  [ -d "$path" ] || { mkdir -p "${path%/*}" && mkdir -m 0700 "$path" && chown "$owner" "$path"; }
done
"""

ASK = """
import json, os
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.swarm.hints import wishes_of
from bootready.swarm.pins import data_of

project = load(Request(), os.environ)
print(json.dumps([
    (wishes_of(one).pin, one.image, one.user, [mount.source for _, mount in data_of(one, project)])
    for one in project.services
    if wishes_of(one).pin
]))
"""
"""bootready is in the virtual environment, which may not be there when this script starts."""


class SwarmError(Exception):
    """Why the stack is not on the swarm, in words for the person."""


class Pinned(NamedTuple):
    """A service that runs on one node alone: the label, and the directories that it writes to."""

    label: str
    image: str
    owner: str
    directories: tuple[str, ...]


def up(directory: Path, arguments: list[str]) -> int:
    """Deploy the core stack of `directory` to the swarm; 0 only if it was seen working."""
    started = time.monotonic()
    setup.prepare("runtime")
    if docker("info", "--format", "{{.Swarm.ControlAvailable}}").strip() != "true":
        raise SwarmError("this engine is not a manager of a swarm: docker swarm init")
    code = bootready(directory, "prepare", "--target", "swarm")
    if code > 1:
        return code
    pinned = tuple(pinned_of(directory))
    for label in sorted({one.label for one in pinned}):
        make_directories(label, [one for one in pinned if one.label == label])
    code = bootready(directory, "up", "--target", "swarm", "--no-prepare", *arguments)
    say(f"make up-swarm: {time.monotonic() - started:.0f} s")
    return code


def pinned_of(directory: Path) -> Iterator[Pinned]:
    """Yield the pinned services of the project."""
    done = subprocess.run(
        [str(setup.PYTHON), "-c", ASK], cwd=directory, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SwarmError(done.stderr.strip())
    for label, image, user, directories in json.loads(done.stdout):
        yield Pinned(label, image, user or "0:0", tuple(directories))


def make_directories(label: str, pinned: list[Pinned]) -> None:
    """Make the directories of these services on the node with the label, by a job of the swarm."""
    wishes = [f"{one.owner}@{path}" for one in pinned for path in one.directories]
    # A program with a shell is in the image of PostgreSQL, which that node needs anyway.
    image = next((one.image for one in pinned if one.owner == "0:0"), pinned[0].image)
    name = f"bootready-directories-{label.replace('=', '-')}"
    subprocess.run(["docker", "service", "rm", name], capture_output=True, check=False)
    job = ["--mode", "replicated-job", "--restart-condition", "none", "--no-resolve-image", "-d"]
    where = ["--constraint", "node.labels." + label.replace("=", "==")]
    where += [
        "--mount",
        "type=bind,source=/,target=/node",
        "--entrypoint",
        "/bin/sh",
        "--user",
        "0",
    ]
    docker("service", "create", "--name", name, *job, *where, image, "-c", MAKE, "sh", *wishes)
    try:
        _until_done(name, label)
    finally:
        docker("service", "rm", name)


def _until_done(name: str, label: str) -> None:
    end = time.monotonic() + WITHIN
    while True:
        shown = docker(
            "service", "ps", "--no-trunc", "--format", "{{.CurrentState}}|{{.Error}}", name
        )
        state, _, error = (shown.splitlines() or ["no task|"])[0].partition("|")
        if state.startswith("Complete"):
            return
        if state.startswith(("Failed", "Rejected")) or time.monotonic() > end:
            raise SwarmError(f"directories of the node {label}: {state.lower()}: {error}")
        time.sleep(0.2)


def docker(*arguments: str) -> str:
    """Ask the engine and return what it said. Raises SwarmError with its words."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SwarmError(done.stderr.strip() or f"docker {arguments[0]} failed")
    return done.stdout


def bootready(directory: Path, *arguments: str) -> int:
    """Run bootready in the directory of the project."""
    command = [str(setup.PYTHON), "-m", "bootready", *arguments]
    return subprocess.run(command, cwd=directory, check=False).returncode


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    directory = setup.ROOT
    if arguments[:1] == ["-C"] and len(arguments) > 1:
        directory, arguments = Path(arguments[1]), arguments[2:]
    try:
        return up(directory, arguments)
    except (setup.SetupError, SwarmError, OSError) as error:
        say(f"make up-swarm: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
