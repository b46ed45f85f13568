"""A page follows a boot from its first container to its end, and a stack that is taken away."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from engine_support import require_busybox, require_compose
from relay import relayed

COMPOSE = """\
name: {name}
services:
  db:
    image: {image}
    network_mode: none
    command: ["sh", "-c", "echo it is $$WORD_PASSWORD; sleep 600"]
    environment: {{WORD_PASSWORD: tulip-rose-91-lily}}
    healthcheck: {{test: [CMD, test, -f, /tmp/open], interval: 1s, retries: 500}}
    stop_grace_period: 0s
  web:
    image: {image}
    network_mode: none
    command: ["sh", "-c", "echo cannot read /etc/shop.conf; exit 3"]
    depends_on: {{db: {{condition: service_healthy}}}}
    environment: {{DATABASE_URL: "postgres://db:5432/shop"}}
"""


@pytest.mark.engine
def test_a_page_follows_a_boot_and_its_failure_and_the_stack_after_it(tmp_path):
    compose = require_compose()
    name = f"bootready-page-{secrets.token_hex(3)}"
    text = COMPOSE.format(image=require_busybox(), name=name)
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    file = str(tmp_path / "compose.yaml")
    down = [*compose.command, "-f", file, "down", "-t", "0"]
    environment = {**os.environ, "BOOTREADY_COMPOSE": " ".join(compose.command)}
    try:
        _follow_the_boot(tmp_path, environment, name)
        _follow_the_stack(tmp_path, environment, [*compose.command, "-f", file])
    finally:
        subprocess.run(down, capture_output=True, check=False)


def _follow_the_boot(directory: Path, environment: dict[str, str], name: str) -> None:
    words = ("up", "--no-prepare", "--no-check", "--page")
    with (
        _started(directory, environment, *words) as process,
        closing(_states(_address(process))) as states,
    ):
        log = _until(states, lambda one: one.get("log"))
        assert log["log"] == {"service": "db", "lines": ["it is ****"]}
        services = {one["service"]: one for one in log["services"]}
        assert services["db"]["phase"] == "starting"
        assert services["web"]["phase"] == "waiting"
        assert services["web"]["waiting_for"] == ["db"]
        touch = ["docker", "exec", f"{name}-db-1", "touch", "/tmp/open"]
        subprocess.run(touch, env=environment, capture_output=True, check=True)
        *_, last = states
        phases = {one["service"]: one["phase"] for one in last["services"]}
        assert phases == {"db": "ready", "web": "failed"}
        assert last["said"].startswith("not ready")
        bars = {one["service"]: one for one in last["timeline"]["bars"]}
        (wait,) = bars["web"]["waits"]
        assert (wait["service"], wait["until"]) == ("db", bars["db"]["ready"])
        assert 0 < bars["db"]["started"] < bars["db"]["ready"] < bars["web"]["started"]
        (diagnosis,) = last["diagnoses"]
        assert "compose.yaml" in diagnosis["text"]
        assert "cannot read /etc/shop.conf" in diagnosis["text"]
        assert process.wait(60) == 1


def _follow_the_stack(directory: Path, environment: dict[str, str], compose: list[str]) -> None:
    """Across an engine that goes away and comes back, `down`, and `up` again."""
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    with (
        relayed(host.removeprefix("unix://")) as relay,
        _started(
            directory, {**environment, "DOCKER_HOST": f"unix://{relay.path}"}, "serve"
        ) as process,
        closing(_states(_address(process))) as states,
    ):
        seen = _until(states, lambda one: any(r["memory"] for r in one.get("running", ())))
        assert "ready" in _phases(seen)
        (talk,) = seen["connections"]
        assert (talk["service"], talk["target"], talk["port"]) == ("web", "db", 5432)
        assert talk["reach"] in {"refused", "unknown"}  # unknown: its process is not seen from here
        relay.close()
        away = _until(states, lambda one: one["old"])
        assert "ready" in _phases(away)
        relay.open()
        _until(states, lambda one: not one["old"])
        subprocess.run([*compose, "down", "-t", "0"], capture_output=True, check=True)
        gone = _until(states, lambda one: "not running" in one["said"])
        assert _phases(gone) == {"waiting"}
        again = [*compose, "up", "-d", "--no-deps", "db"]
        subprocess.run(again, capture_output=True, check=True)
        _until(states, lambda one: "starting" in _phases(one))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


def _phases(state: dict) -> set[str]:
    return {one["phase"] for one in state.get("services", ())}


def _started(directory: Path, environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bootready", *words, "-C", str(directory)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _address(process: subprocess.Popen[str]) -> str:
    """Return the address that the command prints."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        found = re.search(r"http://\S+/", line)
        if found:
            return found[0]
    raise AssertionError("".join(said))


def _states(address: str) -> Generator[dict]:
    """Yield what the page is told, until the command says that this was all."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    connection.request("GET", f"{parts.path}events")
    with closing(connection), connection.getresponse() as answer:
        assert answer.status == 200
        for line in answer:
            words = line.decode()
            if words.startswith("event: over"):
                break
            if words.startswith("data: "):
                yield json.loads(words.removeprefix("data: "))


def _until(states: Generator[dict], wanted: Callable[[dict], object]) -> dict:
    seen = []
    for state in states:
        seen.append(state)
        if wanted(state):
            return state
    raise AssertionError(seen[-3:])
