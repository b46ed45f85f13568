"""`bootready up --target swarm` is 0 only if all of a stack is up, and says why not otherwise."""

from __future__ import annotations

import json
import subprocess

import pytest
from deployed import UP, bootready, project

pytestmark = pytest.mark.engine

SOUND = """\
x-service: &service
  image: bootready.local/busybox:1
  init: true
services:
  web:
    <<: *service
    command: ["sh", "-c", "cat /site/index.html && httpd -f -p 80 -h /site"]
    volumes: ["./site:/site:ro"]
    ports: ["127.0.0.1:18080:80"]
    environment: {WORD: "${WORD}"}
    healthcheck: {test: "wget -q -O - http://localhost/index.html", interval: 1s}
    restart: unless-stopped
  migrate:
    <<: *service
    command: ["sh", "-c", "test $$(cat /run/secrets/token) = sesame"]
    user: "1000"
    secrets: [token]
    depends_on: {web: {condition: service_healthy}}
    restart: on-failure
secrets:
  token: {environment: TOKEN}
"""


@pytest.mark.slow
def test_a_stack_is_deployed_watched_and_asked(manager, tmp_path):
    """Again, right after its removal: `docker stack rm` returns before its networks are gone."""
    directory = project(tmp_path, SOUND, "sound")
    first = bootready(manager, directory, *UP)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "ok    web  port  127.0.0.1:18080" in first.stdout
    assert "ready: 2 services up, 1 endpoint answered" in first.stdout
    assert "sesame" not in first.stdout + first.stderr
    subprocess.run(["docker", "stack", "rm", "sound"], env=manager, check=True)
    again = bootready(manager, directory, *UP)
    assert again.returncode == 0, again.stdout + again.stderr
    state = bootready(manager, directory, "status", "--target", "swarm", "--json")
    found = {one["service"]: one["phase"] for one in json.loads(state.stdout)["services"]}
    assert (state.returncode, found) == (0, {"migrate": "done", "web": "ready"})


def test_an_engine_without_a_swarm_is_a_message(manager, tmp_path):
    directory = project(tmp_path, SOUND, "alone")
    subprocess.run(["docker", "swarm", "leave", "--force"], env=manager, check=True)
    done = bootready(manager, directory, *UP)
    init = ["docker", "swarm", "init", "--advertise-addr", "127.0.0.1"]
    subprocess.run(init, env=manager, capture_output=True, check=True)
    assert done.returncode == 1
    assert "this engine is not a manager of a swarm" in done.stderr
