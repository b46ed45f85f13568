"""The core stack on a real engine, with both versions of Compose: up, down, up again, failover."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from core_stack import PROBED, Stack, leader_of, prepared_stack, run, until
from engine_support import require_compose

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with prepared_stack() as made:
        yield made


@pytest.mark.parametrize("major", [5, 2])
def test_config_is_accepted_without_a_warning(stack: Stack, major: int) -> None:
    done = stack.compose(require_compose(major), "config", "-q")
    assert done.stderr == ""


def test_up_down_up_and_failover(stack: Stack) -> None:
    """A cold start never shows what a second one does: addresses shuffled, data kept.

    The data directory moves in between, and the second boot is probed less often.
    """
    new, old = require_compose(5), require_compose(2)
    stack.compose(new, "up", "-d", "--wait", "--wait-timeout", "240")
    _sees_the_stack_work(stack)
    stack.psql(5000, "create table kept (word text); insert into kept values ('kept')")
    _hides_every_secret(stack)
    stack.compose(new, "down", "-t", "5")

    (stack.directory / "data").rename(stack.directory / "moved")
    stack.set("DATA_DIR", "./moved")
    stack.override({name: {"healthcheck": {"interval": one}} for name, one in PROBED.items()})
    stack.compose(old, "up", "-d", "--wait", "--wait-timeout", "240")
    _sees_the_stack_work(stack)
    assert stack.psql(5000, "select word from kept") == "kept"

    leader = leader_of(stack)
    run(["docker", "kill", f"{stack.project}-{leader}-1"])
    until(lambda: stack.psql(5000, "insert into kept values ('on') returning word") == "on", 90)
    assert leader_of(stack) != leader
    run(["docker", "start", f"{stack.project}-{leader}-1"])
    until(lambda: stack.psql(5000, "select count(*) from pg_stat_replication") == "2", 60)
    stack.compose(old, "down", "-t", "0")


def test_a_key_that_does_not_match_is_unhealthy(stack: Stack) -> None:
    """Traefik serves no certificate then, and calls itself healthy all the same.

    As many probes are refused as are written, in half the time.
    """
    stack.override({"traefik": {"healthcheck": {"interval": "1s"}}})
    key = stack.directory / "secrets/certs/key.pem"
    good = key.read_bytes()
    run(["openssl", "genrsa", "-out", str(key), "2048"])
    program = require_compose(5)
    command = [*program.command, "up", "-d", "--wait", "--wait-timeout", "60", "traefik"]
    done = run(command, cwd=stack.directory, check=False)
    key.write_bytes(good)
    assert done.returncode != 0
    assert "unhealthy" in done.stderr
    stack.compose(program, "down", "-t", "0")


def _sees_the_stack_work(stack: Stack) -> None:
    assert stack.psql(5000, "select pg_is_in_recovery()") == "f"
    until(lambda: stack.psql(5001, "select pg_is_in_recovery()") == "t", 30)
    until(lambda: '"operations"' in stack.get("alertmanager", "/api/v2/receivers"), 30)
    until(lambda: _targets_up(stack), 60)


def _targets_up(stack: Stack) -> bool:
    body = stack.get("prometheus", "/api/v1/targets").partition("\r\n\r\n")[2]
    targets = json.loads(body)["data"]["activeTargets"]
    return len(targets) == 12 and all(target["health"] == "up" for target in targets)


def _hides_every_secret(stack: Stack) -> None:
    label = f"label=com.docker.compose.project={stack.project}"
    names = run(["docker", "ps", "-aq", "--filter", label]).stdout.split()
    shown = run(["docker", "inspect", *names]).stdout + run(["ps", "axww", "-o", "args"]).stdout
    for path in sorted((stack.directory / "secrets").glob("*.txt")):
        assert path.read_text() not in shown, path.name
