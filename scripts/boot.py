#!/usr/bin/env python3
"""A checkout on any machine -> the core stack, booted and verified. What `make up` runs.

usage: boot.py [ARGUMENT OF bootready up ...]
       boot.py --down [--public-images]

Engine, Compose and images first, then `bootready up`. Without any chance of an engine everything
else is prepared and checked, and what is left is said. Images: IMAGES=public never builds
stand-ins, IMAGES=offline never asks a registry; otherwise stand-ins are built for the images of
each registry that does not answer, and `.env` names them until `--public-images`
(docs/adr/0043-images-of-this-machine.md).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import offline_images
import setup
from chosen_images import choose_images, use_public_images
from setup import say

import engine

ROOT = setup.ROOT


def up(arguments: list[str]) -> int:
    """Boot the core stack; 0 only if it was seen working."""
    started = time.monotonic()
    setup.prepare("runtime")
    reason = engine.up()
    if reason:
        return _without_engine(reason)
    setup.prepare("compose")
    environment = _environment()
    environment.update(choose_images(environment))
    code = _bootready("up", *arguments, environment=environment)
    say(f"make up: {time.monotonic() - started:.0f} s")
    return code


def down(*, public_images: bool = False) -> int:
    """Stop the stack, and an engine that we started; data and secrets stay."""
    code = _stop()
    if public_images:
        use_public_images()
    return code


def _stop() -> int:
    if not engine.answers():
        say("make down: no Docker Engine answers, nothing to stop")
        return 0
    setup.prepare("runtime")
    setup.prepare("compose")
    environment = _environment()
    code = subprocess.run(
        [*_compose(), "down", "--remove-orphans"], cwd=ROOT, env=environment, check=False
    ).returncode
    engine.down()
    return code


def _without_engine(reason: str) -> int:
    say(f"make up: {reason}")
    say("make up: without an engine: preparing and checking everything else")
    environment = _environment()
    _bootready("prepare", environment=environment)
    _bootready("check", environment=environment)
    say("make up: not ready: the stack was not booted, no Docker Engine")
    say("   = hint: with a Docker Engine that you may use, `make up` does the rest")
    return 1


def _environment() -> dict[str, str]:
    programs = str(setup.VENV / "bin")
    return {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _compose() -> list[str]:
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return ["docker", "compose"] if plugin.returncode == 0 else ["docker-compose"]


def _bootready(*arguments: str, environment: dict[str, str]) -> int:
    command = [str(setup.PYTHON), "-m", "bootready", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    try:
        if arguments[:1] != ["--down"]:
            return up(arguments)
        if arguments[1:] not in ([], ["--public-images"]):
            say(f"make down: unknown argument, ARGS may be --public-images: {arguments[1:]}")
            return 2
        return down(public_images=arguments[1:] == ["--public-images"])
    except (setup.SetupError, offline_images.BuildError) as error:
        say(f"make up: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
