"""A Docker Engine of its own in a network namespace of its own -> a swarm of one manager.

The engine that other tests use stays out of it: a swarm makes networks and rules of the firewall.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine_support import BUSYBOX, require_busybox

_WAITS = 60.0
"""Seconds; the engine answers after two of them on an idle machine."""


@contextmanager
def one_manager() -> Iterator[dict[str, str]]:
    """Start the engine and its swarm; yield the environment in which `docker` asks it.

    ENGINE_PROCESS in it is a process of its network namespace, where ports are published.

    Skips where that is not possible; on CI it fails.
    """
    image = require_busybox()
    absent = _absence()
    if absent and not os.environ.get("CI"):
        pytest.skip(absent)
    assert not absent
    directory = Path(tempfile.mkdtemp(prefix="bootready-swarm-"))
    process = _started(directory)
    environment = {**os.environ, "DOCKER_HOST": f"unix://{directory}/sock"}
    try:
        _until_it_answers(process, environment, directory)
        saved = subprocess.run(["docker", "save", image], capture_output=True, check=True)
        loaded = ["docker", "load", "-q"]
        subprocess.run(loaded, input=saved.stdout, env=environment, capture_output=True, check=True)
        init = ["docker", "swarm", "init", "--advertise-addr", "127.0.0.1"]
        subprocess.run(init, env=environment, capture_output=True, check=True)
        yield {**environment, "ENGINE_PROCESS": str(process.pid)}
    finally:
        _end(process, environment, directory)


def _absence() -> str:
    if os.geteuid() != 0:
        return "needs root, for an engine in a network namespace of its own"
    for program in ("dockerd", "unshare", "nsenter", "ip"):
        if shutil.which(program) is None:
            return f"needs '{program}'"
    made = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False)
    return "" if made.returncode == 0 else "needs network namespaces"


def _started(directory: Path) -> subprocess.Popen[bytes]:
    # No way out: an engine without a route does not wait for a registry that does not answer. The
    # namespace of containerd is its own, if one runs already that engines share.
    command = f"""ip link set lo up && exec dockerd --data-root {directory}/data \
        --exec-root {directory}/exec --pidfile {directory}/pid --host unix://{directory}/sock \
        --containerd-namespace {directory.name} --containerd-plugins-namespace {directory.name}-p"""
    with (directory / "log").open("wb") as log:
        return subprocess.Popen(
            ["unshare", "--net", "sh", "-c", command],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def _until_it_answers(
    process: subprocess.Popen[bytes], environment: dict[str, str], directory: Path
) -> None:
    until = time.monotonic() + _WAITS
    while time.monotonic() < until and process.poll() is None:
        asked = ["docker", "version"]
        if not subprocess.run(asked, env=environment, capture_output=True, check=False).returncode:
            return
        time.sleep(0.1)
    pytest.fail((directory / "log").read_text()[-2000:])


def _end(process: subprocess.Popen[bytes], environment: dict[str, str], directory: Path) -> None:
    leave = ["docker", "swarm", "leave", "--force"]
    subprocess.run(leave, env=environment, capture_output=True, check=False)
    listed = ["docker", "ps", "-aq"]
    found = subprocess.run(listed, env=environment, capture_output=True, text=True, check=False)
    if found.stdout.split():
        remove = ["docker", "rm", "-f", *found.stdout.split()]
        subprocess.run(remove, env=environment, capture_output=True, check=False)
    process.terminate()
    try:
        process.wait(_WAITS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    mounts = sorted(directory.glob("exec/netns/*"))
    subprocess.run(["umount", "-q", *map(str, mounts)], capture_output=True, check=False)
    shutil.rmtree(directory, ignore_errors=True)


__all__ = ["BUSYBOX", "one_manager"]
