#!/usr/bin/env python3
"""This machine -> a Docker Engine that answers, started where it may be; and its stop.

usage: engine.py up      an engine that answers is used; otherwise, as root on Debian or Ubuntu,
                         docker.io is installed and started (ENGINE=none forbids it)
       engine.py down    stop the engine if `up` had started it in the background

Exit 0 with an engine, 1 without. The process id of a background engine is kept under .cache/.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from setup import SetupError, install_packages, say

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".cache" / "engine"
PID = STATE / "dockerd.pid"
LOG = STATE / "dockerd.log"
ANSWERS_WITHIN = 60.0
STOPS_WITHIN = 30.0


def up() -> str:
    """Make an engine answer; return the empty string, or why there is none."""
    if answers():
        return ""
    if "permission denied" in _refusal():
        return "a Docker Engine is there, and you may not use it: sudo usermod -aG docker $USER"
    if os.environ.get("ENGINE") == "none":
        return "no Docker Engine answers, and ENGINE=none forbids installing or starting one"
    if os.geteuid() != 0:
        return "no Docker Engine answers, and only root can install or start one"
    if shutil.which("dockerd") is None or shutil.which("docker") is None:
        if shutil.which("apt-get") is None:
            return "no Docker Engine is installed, and this is neither Debian nor Ubuntu"
        say("engine: no Docker Engine here, installing docker.io (ENGINE=none forbids it) ...")
        try:
            install_packages("docker.io", "iptables")
        except SetupError as error:
            return str(error)
        if answers():
            return ""
    return _start()


def down() -> None:
    """Stop the engine that `up` started in the background; any other is left alone."""
    process = _background()
    if process is None:
        return
    say(f"engine: stopping the background engine (process {process})")
    os.kill(process, signal.SIGTERM)
    if not _poll(lambda: not _is_dockerd(process), STOPS_WITHIN):
        say(f"engine: process {process} still runs after {STOPS_WITHIN:.0f} s")
    PID.unlink(missing_ok=True)


def answers() -> bool:
    """Tell whether an engine answers the docker client of this machine."""
    return not _refusal()


def _refusal() -> str:
    """Return why no engine answers, in the words of docker; the empty string if one does."""
    if shutil.which("docker") is None:
        return "there is no docker client"
    command = ["docker", "version", "--format", "{{.Server.Version}}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stderr.strip() or "it does not answer") if done.returncode != 0 else ""


def _start() -> str:
    if Path("/run/systemd/system").is_dir():
        say("engine: starting the docker service")
        subprocess.run(["systemctl", "start", "docker"], check=False, capture_output=True)
        return "" if _poll(answers, ANSWERS_WITHIN) else "the docker service did not start"
    STATE.mkdir(parents=True, exist_ok=True)
    say("engine: no service manager, starting dockerd in the background; `make down` stops it")
    with LOG.open("ab") as log:
        daemon = subprocess.Popen(
            [shutil.which("dockerd") or "dockerd"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    PID.write_text(f"{daemon.pid}\n", encoding="utf-8")
    if _poll(lambda: answers() or daemon.poll() is not None, ANSWERS_WITHIN) and answers():
        return ""
    if daemon.poll() is None:
        daemon.terminate()
    PID.unlink(missing_ok=True)
    last = LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
    cause = [line for line in last if line.startswith("failed to start daemon")] or last
    return "\n  ".join([f"dockerd did not start, {LOG.relative_to(ROOT)} ends with:", *cause])


def _background() -> int | None:
    try:
        process = int(PID.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return process if _is_dockerd(process) else None


def _is_dockerd(process: int) -> bool:
    # A process id is used again after a restart of the machine: look at what it is.
    try:
        return Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip() == "dockerd" and (
            " Z " not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        )
    except OSError:
        return False


def _poll(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.3)
    return False


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    if arguments == ["down"]:
        down()
        return 0
    if arguments != ["up"]:
        say("usage: engine.py up | down")
        return 2
    reason = up()
    if reason:
        say(f"engine: {reason}")
    return 1 if reason else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
