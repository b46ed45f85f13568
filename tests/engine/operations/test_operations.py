"""What an operator does to the core stack, on a real engine, and what must hold meanwhile.

On the stack of `test_hardened.py`, in the order of this file. Figures are printed (`pytest -rP`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest

from cluster import (
    certificate_of,
    database_size,
    health_of,
    lost_none,
    patch_settings,
    replicas,
    revision_of,
    synchronous,
    writer,
)
from core_stack import (
    DOMAIN,
    ETCD,
    NODES,
    Stack,
    issue,
    leader_of,
    make_directories,
    run,
    sink_name,
    until,
)
from engine_support import require_compose

HERE = Path(__file__).parent
LOAD_SECONDS = int(os.environ.get("BOOTREADY_LOAD_SECONDS", "20"))
FAILOVERS = int(os.environ.get("BOOTREADY_FAILOVERS", "1"))
REVISIONS = int(os.environ.get("BOOTREADY_REVISIONS", "5000"))
MEBIBYTE = 1 << 20

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def test_one_etcd_member_less_stops_no_write(stack: Stack) -> None:
    run(["docker", "kill", f"{stack.project}-etcd2-1"])
    with writer(stack) as written:
        time.sleep(8)  # longer than loop_wait and retry_timeout of Patroni
        acknowledged = written()
    run(["docker", "start", f"{stack.project}-etcd2-1"])
    assert len(acknowledged) > 20
    lost_none(stack, acknowledged)


def test_a_rolling_restart_loses_no_acknowledged_write(stack: Stack) -> None:
    first = leader_of(stack)
    with writer(stack) as written:
        _operate(stack, "roll")
        before = len(written())
        until(lambda: len(written()) > before, 30)
        acknowledged = written()
    print(f"rolling restart: {len(acknowledged)} writes acknowledged, leader was {first}")
    lost_none(stack, acknowledged)


@pytest.mark.parametrize("turn", range(1, FAILOVERS + 1))
def test_no_acknowledged_write_is_lost_when_the_leader_dies(stack: Stack, turn: int) -> None:
    """`make failovers` does it ten times."""
    leader = leader_of(stack)
    with writer(stack, pause=0) as written:
        until(lambda: len(written()) > 200, 60)
        run(["docker", "kill", f"{stack.project}-{leader}-1"])
        started = time.monotonic()
        killed = len(written())
        until(lambda: len(written()) > killed, 120)
        print(f"failover {turn}: writes again after {time.monotonic() - started:.1f} s")
        acknowledged = written()
    print(f"failover {turn}: {killed} writes acknowledged before, {len(acknowledged)} in all")
    lost_none(stack, acknowledged)
    assert leader_of(stack) not in {"", leader}
    run(["docker", "start", f"{stack.project}-{leader}-1"])
    until(lambda: replicas(stack) == 2, 120)


def test_the_compose_files_settings_reach_a_running_cluster(stack: Stack) -> None:
    name = f"{stack.project}-{leader_of(stack)}-1"
    config = ["docker", "exec", name, "curl", "-fsS", "http://localhost:8008/config"]
    before = json.loads(run(config).stdout)
    assert before["synchronous_mode"] is True
    patch_settings(stack, {"synchronous_mode": None, "ttl": 30})
    until(lambda: "synchronous_mode" not in json.loads(run(config).stdout), 30)
    _operate(stack, "settings")
    assert json.loads(run(config).stdout) == before
    until(lambda: synchronous(stack) == 1, 60)


def test_etcd_stays_small_and_healthy_however_often_it_is_written(stack: Stack) -> None:
    """`make revisions` writes 100,000, as Patroni does in some weeks."""
    name = f"{stack.project}-etcd1-1"
    writing = ["docker", "exec", "-i", f"{stack.project}-patroni1-1", "python3", "-"]
    before = revision_of(name)
    run([*writing, str(REVISIONS)], given=(HERE / "revisions.py").read_text())
    written = revision_of(name) - before
    assert written >= REVISIONS
    sizes = [database_size(f"{stack.project}-{member}-1") for member in ETCD]
    print(f"etcd: {written} revisions, databases of {[round(one / MEBIBYTE) for one in sizes]} MiB")
    assert max(sizes) < 256 * MEBIBYTE
    assert run(["docker", "exec", name, "etcdctl", "alarm", "list"]).stdout == ""
    for member in ETCD:
        until(lambda member=member: health_of(stack, member) == "healthy", 30)


def test_an_etcd_member_stays_healthy_without_the_others(stack: Stack) -> None:
    """A probe that needs a majority would have all members restarted because two are gone."""
    for member in ETCD[1:]:
        run(["docker", "kill", f"{stack.project}-{member}-1"])
    name = f"{stack.project}-etcd1-1"
    asked = ["docker", "exec", name, "etcdctl", "--command-timeout", "2s", "endpoint", "health"]
    until(lambda: run(asked, check=False).returncode != 0, 30)
    healthcheck = ["docker", "inspect", "-f", "{{json .Config.Healthcheck.Test}}", name]
    probe = json.loads(run(healthcheck).stdout)[1:]
    assert run(["docker", "exec", name, *probe], check=False).returncode == 0
    for member in ETCD[1:]:
        run(["docker", "start", f"{stack.project}-{member}-1"])
    until(lambda: run(asked, check=False).returncode == 0, 60)
    until(lambda: replicas(stack) == 2, 120)


def test_nodes_take_renewed_certificates_under_writes(stack: Stack) -> None:
    """No node restarts, and no client is refused for longer than a new connection takes."""
    before = {node: certificate_of(stack, node) for node in (*NODES, *ETCD)}
    containers = _containers(stack)
    with writer(stack) as written:
        until(lambda: len(written()) > 100, 60)
        issue(stack.directory / "secrets")
        _operate(stack, "certificates")
        for node, old in before.items():
            until(lambda node=node, old=old: certificate_of(stack, node) != old, 30)
        seen = len(written())
        until(lambda: len(written()) > seen + 100, 60)
        acknowledged = written()
    lost_none(stack, acknowledged)
    assert containers <= _containers(stack)
    until(lambda: replicas(stack) == 2, 60)


def test_a_renewed_certificate_is_served_without_a_refused_request(stack: Stack) -> None:
    before = _served_certificate(stack)
    refused: list[str] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                assert " 200 " in stack.get("prometheus", "/-/ready").splitlines()[0]
            except (AssertionError, OSError, IndexError) as error:
                refused.append(repr(error))
            time.sleep(0.02)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        issue(stack.directory / "secrets", nodes=())
        stack.compose(require_compose(5), "kill", "-s", "HUP", "traefik")
        until(lambda: _served_certificate(stack) != before, 20)
    finally:
        stop.set()
        asking.join()
    assert refused == []


def test_a_stopped_replica_is_told_by_mail_and_webhook_while_the_load_runs(stack: Stack) -> None:
    stopped = next(node for node in NODES if node != leader_of(stack))
    stack.compose(require_compose(5), "stop", "-t", "10", stopped)
    writes, reads = _pgbench(stack, LOAD_SECONDS)
    print(f"pgbench for {LOAD_SECONDS} s: {writes:.0f} writing, {reads:.0f} reading transactions/s")
    for kind, proof, secret in (
        ("mail", "password", "smtp_password"),
        ("hook", "path", "slack_webhook"),
    ):
        until(lambda kind=kind: bool(_told(stack, kind, stopped)), 180)
        assert _told(stack, kind, stopped)[0][proof] == _hash_of(stack, secret)
    stack.compose(require_compose(5), "start", stopped)
    until(lambda: replicas(stack) == 2, 90)


def test_a_newer_tag_replaces_one_container_and_keeps_its_data(stack: Stack) -> None:
    name = f"{stack.project}-valkey-1"
    image = run(["docker", "inspect", "-f", "{{.Config.Image}}", name]).stdout.strip()
    newer = "bootready.local/valkey:next"
    others = _containers(stack) - {_id(name)}
    assert _valkey(name, "set", "kept", "yes") == "OK"
    run(["docker", "tag", image, newer])
    try:
        stack.set("VALKEY_IMAGE", newer)
        stack.compose(require_compose(5), "up", "-d", "--wait", "--wait-timeout", "60", "valkey")
        assert run(["docker", "inspect", "-f", "{{.Config.Image}}", name]).stdout.strip() == newer
        assert _valkey(name, "get", "kept") == "yes"
        assert others < _containers(stack)
    finally:
        stack.set("VALKEY_IMAGE", image)


def test_a_backup_is_restored_into_an_empty_stack(stack: Stack) -> None:
    """What is restored is all there is: the empty stack keeps its data elsewhere."""
    compose = require_compose(5)
    stack.psql(5000, "CREATE ROLE shop LOGIN PASSWORD 'of-the-shop'")
    stack.psql(5000, "CREATE TABLE orders AS SELECT generate_series(1, 1000) AS number")
    _operate(stack, "backup", "backup.tar")
    assert (stack.directory / "backup.tar").stat().st_mode & 0o777 == 0o600
    _stops_by_itself(stack)
    stack.compose(compose, "down")

    make_directories(stack.directory / "empty")
    stack.set("DATA_DIR", "./empty")
    stack.compose(compose, "up", "-d", "--wait", "--wait-timeout", "240")
    assert stack.psql(5000, "SELECT to_regclass('orders')") == ""
    _operate(stack, "restore", "backup.tar")
    assert stack.psql(5000, "SELECT count(*) FROM orders") == "1000"
    assert stack.psql(5000, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'shop'") == "t"


def _stops_by_itself(stack: Stack) -> None:
    """Stop as `docker compose down` does: nodes end their work and say so, nobody is killed."""
    stack.compose(require_compose(5), "stop")
    label = f"label=com.docker.compose.project={stack.project}"
    names = run(["docker", "ps", "-aq", "--filter", label]).stdout.split()
    told = run(["docker", "inspect", "-f", "{{.Name}} {{.State.ExitCode}}", *names]).stdout
    codes = dict(line.removeprefix(f"/{stack.project}-").split() for line in told.splitlines())
    nodes = {f"{node}-1" for node in (*NODES, *ETCD)}
    assert {name: codes[name] for name in nodes if codes[name] != "0"} == {}
    assert [name for name, code in codes.items() if code == "137"] == []


def _delivered(stack: Stack) -> list[dict[str, str]]:
    lines = run(["docker", "logs", sink_name(stack)]).stdout.splitlines()
    return [json.loads(line) for line in lines]


def _told(stack: Stack, kind: str, stopped: str) -> list[dict[str, str]]:
    """Return what was delivered of the node that is down; other alerts may come before."""
    found = []
    for one in _delivered(stack):
        said = one["text"].replace("=\n", "")  # quoted-printable folds lines
        if one["kind"] == kind and "TargetDown" in said and f"{stopped}:8008" in said:
            found.append(one)
    return found


def _hash_of(stack: Stack, secret: str) -> str:
    value = (stack.directory / "secrets" / f"{secret}.txt").read_text()
    path = re.sub(r"^http://[^/]+", "", value)
    return hashlib.sha256(path.encode()).hexdigest()


def _pgbench(stack: Stack, seconds: int) -> tuple[float, float]:
    """Return the transactions per second of the writer and of the reader, loaded at once."""
    script = (
        "umask 077; printf '*:*:*:*:%s\\n' \"$(cat /run/secrets/patroni_superuser_password)\""
        " > /tmp/pgpass; export PGPASSFILE=/tmp/pgpass; pgbench -q -i -s 5 app >/dev/null 2>&1"
        f" && sleep 2 && {{ pgbench -n -S -p 5001 -c 2 -T {seconds} app >/tmp/read & }}"
        f" && pgbench -c 4 -T {seconds} app && wait $! && cat /tmp/read"
    )
    command = [*require_compose(5).command, "run", "--rm", "-T", "--no-deps"]
    command += ["--entrypoint", "/bin/sh", "postgres-init", "-c", script]
    said = run(command, cwd=stack.directory, seconds=seconds + 300).stdout
    assert re.findall(r"number of failed transactions: (\d+)", said) == ["0", "0"]
    writes, reads = re.findall(r"tps = ([\d.]+)", said)
    return float(writes), float(reads)


def _served_certificate(stack: Stack) -> str:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{stack.https}"]
    command += ["-servername", f"prometheus.{DOMAIN}"]
    done = subprocess.run(command, input="", capture_output=True, text=True, check=False)
    return done.stdout[done.stdout.find("-----BEGIN") : done.stdout.find("-----END")]


def _operate(stack: Stack, *arguments: str) -> None:
    path = stack.directory / "infra/04-data/postgresql-cluster/cluster.py"
    # A command of several words is `docker compose`, which the script finds by itself.
    command = require_compose(5).command
    environment = {**os.environ, "COMPOSE_PROGRAM": command[0] if len(command) == 1 else ""}
    done = subprocess.run(
        [str(path), *arguments],
        cwd=stack.directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _valkey(name: str, *command: str) -> str:
    script = 'REDISCLI_AUTH="$(cat /run/secrets/valkey_password)" valkey-cli "$@"'
    return run(["docker", "exec", name, "sh", "-c", script, "-", *command]).stdout.strip()


def _containers(stack: Stack) -> set[str]:
    label = f"label=com.docker.compose.project={stack.project}"
    return set(run(["docker", "ps", "-aq", "--no-trunc", "--filter", label]).stdout.split())


def _id(name: str) -> str:
    return run(["docker", "inspect", "-f", "{{.Id}}", name]).stdout.strip()
