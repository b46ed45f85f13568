#!/usr/bin/env python3
"""A checkout on any machine -> the core stack, booted and verified. What `make up` runs.

usage: boot.py [ARGUMENT OF bootready up ...]
       boot.py --down

Engine, Compose and images first, then `bootready up`. Without any chance of an engine everything
else is prepared and checked, and what is left is said. Images: IMAGES=public never builds
stand-ins, IMAGES=offline never asks a registry; otherwise a registry that does not answer makes the
stand-ins (docs/adr/0010-images-without-a-registry.md).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import offline_images
import setup
from setup import say

import engine

ROOT = setup.ROOT
EXAMPLE = ROOT / ".env.example"
ENV = ROOT / ".env"
PULL_SECONDS = 120.0


def up(arguments: list[str]) -> int:
    """Boot the core stack; 0 only if it was seen working."""
    started = time.monotonic()
    setup.prepare("runtime")
    reason = engine.up()
    if reason:
        return _without_engine(reason)
    setup.prepare("compose")
    environment = _environment()
    environment.update(_offline_images())
    code = _bootready("up", *arguments, environment=environment)
    say(f"make up: {time.monotonic() - started:.0f} s")
    return code


def down() -> int:
    """Stop the stack, and an engine that we started; data and secrets stay."""
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


def _offline_images() -> dict[str, str]:
    """Return the variables that choose stand-ins for images which cannot be had."""
    choice = os.environ.get("IMAGES", "")
    named = _named_images()
    local = [image for image in offline_images.images() if named[image.variable] == image.name]
    absent = [
        image
        for image in offline_images.images()
        if image not in local and (choice == "offline" or not _is_here(named[image.variable]))
    ]
    if absent and (choice == "public" or (choice != "offline" and _can_pull(named, absent))):
        absent = []
    _build([*local, *absent])
    chosen = {image.variable: image.name for image in absent}
    if chosen and not ENV.exists():
        _choose(chosen)
    elif chosen:
        say(f"images: this run uses stand-ins for {', '.join(sorted(chosen))}; .env names others")
    return chosen


def _build(images: list[offline_images.Image]) -> None:
    if not images:
        return
    missing_tool = offline_images.missing_tool(tuple(images))
    if missing_tool and os.geteuid() == 0:
        say(f"images: installing {missing_tool} to build stand-ins")
        setup.install_packages(missing_tool)
    offline_images.build(tuple(images))


def _named_images() -> dict[str, str]:
    """Return the image that each variable names: the environment, then .env, then its example."""
    named: dict[str, str] = {}
    for path in (EXAMPLE, ENV):
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
            name, equals, value = line.partition("=")
            if equals and name.endswith("_IMAGE"):
                named[name] = value.strip().strip("'\"")
    return {name: os.environ.get(name) or value for name, value in named.items()}


def _is_here(name: str) -> bool:
    command = ["docker", "image", "inspect", name]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _can_pull(named: dict[str, str], absent: list[offline_images.Image]) -> bool:
    # The engine may have a mirror or a proxy of its own: ask it, not the network.
    smallest = min(absent, key=lambda image: image.service != "node-exporter")
    name = named[smallest.variable]
    say(f"images: {len(absent)} are not on this machine, asking the registry for {name} ...")
    try:
        pulled = subprocess.run(
            ["docker", "pull", "-q", name], capture_output=True, timeout=PULL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        say(f"images: no answer within {PULL_SECONDS:.0f} s")
        return False
    if pulled.returncode != 0:
        say("images: the registry cannot be reached, stand-ins are built from Debian's packages")
    return pulled.returncode == 0


def _choose(chosen: dict[str, str]) -> None:
    """Let bootready create .env from its example, and put these images into it."""
    if _bootready("prepare", "--only", "environment", environment=_environment()) != 0:
        raise setup.SetupError(".env could not be made, see above")
    lines = []
    for line in ENV.read_text(encoding="utf-8").splitlines():
        name = line.partition("=")[0]
        lines.append(f"{name}={chosen[name]}" if name in chosen else line)
    temporary = ENV.with_name(f".env.{os.getpid()}.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(ENV)
    say("images: the stand-ins are set as images in .env")


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
        return down() if arguments == ["--down"] else up(arguments)
    except (setup.SetupError, offline_images.BuildError) as error:
        say(f"make up: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
