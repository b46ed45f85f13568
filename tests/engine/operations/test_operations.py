"""What an operator does to the core stack, on a real engine, and what must hold meanwhile.

One boot for all of them, in the order of this file. Figures are printed (`pytest -rP`).
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core_stack import DOMAIN, Stack, issue, leader_of, make_directories, prepared_stack, run, until
from engine_support import require_compose

HERE = Path(__file__).parent
NODES = ("patroni1", "patroni2", "patroni3")
LOAD_SECONDS = int(os.environ.get("BOOTREADY_LOAD_SECONDS", "20"))
MEBIBYTE = 1 << 20

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with prepared_stack(tmp_path_factory.mktemp("operations")) as made:
        _aim_alerts_at_the_sink(made)
        with _sink(made):
            started = time.monotonic()
            made.compose(require_compose(5), "up", "-d", "--wait", "--wait-timeout", "240")
            print(f"boot: {time.monotonic() - started:.0f} s")
            made.psql(5000, "CREATE TABLE written (number int)")
            yield made


def test_at_rest_the_stack_needs_less_than_a_gibibyte(stack: Stack) -> None:
    label = f"label=com.docker.compose.project={stack.project}"
    names = run(["docker", "ps", "-q", "--filter", label]).stdout.split()
    used = run(["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", *names]).stdout
    total = sum(_mebibytes(line) for line in used.splitlines())
    print(f"memory at rest: {total:.0f} MiB in {len(names)} containers")
    assert total < 1024


def test_one_etcd_member_less_stops_no_write(stack: Stack) -> None:
    run(["docker", "kill", f"{stack.project}-etcd2-1"])
    with _writer(stack) as written:
        time.sleep(8)  # longer than loop_wait and retry_timeout of Patroni
        acknowledged = written()
    run(["docker", "start", f"{stack.project}-etcd2-1"])
    assert len(acknowledged) > 20
    _lost_none(stack, acknowledged)


def test_a_rolling_restart_loses_no_acknowledged_write(stack: Stack) -> None:
    first = leader_of(stack)
    with _writer(stack) as written:
        _operate(stack, "roll")
        before = len(written())
        until(lambda: len(written()) > before, 30)
        acknowledged = written()
    print(f"rolling restart: {len(acknowledged)} writes acknowledged, leader was {first}")
    _lost_none(stack, acknowledged)


def test_another_node_leads_when_the_leader_dies(stack: Stack) -> None:
    leader = leader_of(stack)
    run(["docker", "kill", f"{stack.project}-{leader}-1"])
    started = time.monotonic()
    until(lambda: stack.psql(5000, "INSERT INTO written VALUES (-1) RETURNING 1") == "1", 60)
    print(f"failover: writes again after {time.monotonic() - started:.1f} s")
    assert leader_of(stack) != leader
    run(["docker", "start", f"{stack.project}-{leader}-1"])
    until(lambda: _replicas(stack) == 2, 90)


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
        issue(stack.directory / "secrets" / "certs")
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
    until(lambda: _replicas(stack) == 2, 90)


def test_a_newer_tag_replaces_one_container_and_keeps_its_data(stack: Stack) -> None:
    name = f"{stack.project}-valkey-1"
    image = run(["docker", "inspect", "-f", "{{.Config.Image}}", name]).stdout.strip()
    newer = "bootready.local/valkey:next"
    others = _containers(stack) - {_id(name)}
    assert _valkey(name, "set", "kept", "yes") == "OK"
    run(["docker", "tag", image, newer])
    try:
        _set(stack, "VALKEY_IMAGE", newer)
        stack.compose(require_compose(5), "up", "-d", "--wait", "--wait-timeout", "60", "valkey")
        assert run(["docker", "inspect", "-f", "{{.Config.Image}}", name]).stdout.strip() == newer
        assert _valkey(name, "get", "kept") == "yes"
        assert others < _containers(stack)
    finally:
        _set(stack, "VALKEY_IMAGE", image)


def test_a_backup_is_restored_into_an_empty_stack(stack: Stack) -> None:
    """And the data directory moves: the empty stack keeps its data elsewhere."""
    compose = require_compose(5)
    stack.psql(5000, "CREATE ROLE shop LOGIN PASSWORD 'of-the-shop'")
    stack.psql(5000, "CREATE TABLE orders AS SELECT generate_series(1, 1000) AS number")
    _operate(stack, "backup", "backup.tar")
    assert (stack.directory / "backup.tar").stat().st_mode & 0o777 == 0o600
    _stops_by_itself(stack)
    stack.compose(compose, "down")

    make_directories(stack.directory / "empty")
    _set(stack, "DATA_DIR", "./empty")
    stack.compose(compose, "up", "-d", "--wait", "--wait-timeout", "240")
    assert stack.psql(5000, "SELECT to_regclass('orders')") == ""
    _operate(stack, "restore", "backup.tar")
    assert stack.psql(5000, "SELECT count(*) FROM orders") == "1000"
    assert stack.psql(5000, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'shop'") == "t"
    stack.compose(compose, "down", "-t", "5")

    (stack.directory / "data").rename(stack.directory / "moved")
    _set(stack, "DATA_DIR", "./moved")
    stack.compose(compose, "up", "-d", "--wait", "--wait-timeout", "240")
    assert stack.psql(5000, "SELECT count(*) FROM orders") == "1000"


def _stops_by_itself(stack: Stack) -> None:
    """Stop as `docker compose down` does: each node ends its work, none is killed for its time."""
    stack.compose(require_compose(5), "stop")
    for node in NODES:
        name = f"{stack.project}-{node}-1"
        code = run(["docker", "inspect", "-f", "{{.State.ExitCode}}", name]).stdout.strip()
        assert code != "137", f"{node} was killed"
        print(f"{node}: stopped with {code}")


def _aim_alerts_at_the_sink(stack: Stack) -> None:
    _set(stack, "SMTP_SMARTHOST", f"mail.{DOMAIN}:2525")
    hook = stack.directory / "secrets/slack_webhook.txt"
    hook.write_text(f"http://mail.{DOMAIN}:8080/{hook.read_text().rpartition('/')[2]}")
    # Alertmanager checks the mail server's certificate: the local CA has signed that as well.
    (stack.directory / "docker-compose.override.yml").write_text(
        "services:\n  alertmanager:\n    environment: {SSL_CERT_FILE: /sink/rootCA.pem}\n"
        "    volumes: ['./secrets/certs/rootCA.pem:/sink/rootCA.pem:ro']\n"
    )


@contextmanager
def _sink(stack: Stack) -> Iterator[None]:
    """Run the sink in the stack's network, which Compose takes over when it comes."""
    certificates = stack.directory / "secrets/certs"
    (stack.directory / "sink").mkdir()
    for name in ("cert.pem", "key.pem"):
        (stack.directory / "sink" / name).write_bytes((certificates / name).read_bytes())
    compose = require_compose(5)
    stack.compose(compose, "up", "--no-start", "--no-deps", "alertmanager")
    network = f"{stack.project}_alerts_net"
    image = json.loads(stack.compose(compose, "config", "--format", "json").stdout)["services"]
    options = ["--name", _sink_name(stack), "--network", network]
    options += ["--network-alias", f"mail.{DOMAIN}", "-v", f"{HERE}/sink.py:/sink.py:ro"]
    options += ["-v", f"{stack.directory}/sink:/sink:ro", "--entrypoint", "python3"]
    program = ["-u", "/sink.py", "/sink/cert.pem", "/sink/key.pem"]
    run(["docker", "run", "-d", *options, image["patroni1"]["image"], *program])
    try:
        yield
    finally:
        run(["docker", "rm", "-f", _sink_name(stack)])


def _sink_name(stack: Stack) -> str:
    return f"{stack.project}-sink"


def _delivered(stack: Stack) -> list[dict[str, str]]:
    lines = run(["docker", "logs", _sink_name(stack)]).stdout.splitlines()
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


@contextmanager
def _writer(stack: Stack):  # type: ignore[no-untyped-def]
    """Write numbers in a container of its own; yields what tells which were acknowledged."""
    stack.psql(5000, "TRUNCATE written")
    name = f"{stack.project}-writer"
    command = [*require_compose(5).command, "run", "-d", "-T", "--no-deps", "--name", name]
    command += ["-v", f"{HERE}/writer.sh:/writer.sh:ro", "--entrypoint", "/bin/sh"]
    run([*command, "postgres-init", "/writer.sh"], cwd=stack.directory)
    try:
        yield lambda: [int(line) for line in run(["docker", "logs", name]).stdout.split()]
    finally:
        run(["docker", "rm", "-f", name])


def _lost_none(stack: Stack, acknowledged: list[int]) -> None:
    found = stack.psql(5000, "SELECT number FROM written").split()
    assert set(acknowledged) - {int(one) for one in found} == set()


def _replicas(stack: Stack) -> int:
    streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
    return int(stack.psql(5000, streaming) or 0)


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


def _set(stack: Stack, name: str, value: str) -> None:
    path = stack.directory / ".env"
    path.write_text(re.sub(rf"(?m)^{name}=.*$", f"{name}={value}", path.read_text()))


def _valkey(name: str, *command: str) -> str:
    script = 'REDISCLI_AUTH="$(cat /run/secrets/valkey_password)" valkey-cli "$@"'
    return run(["docker", "exec", name, "sh", "-c", script, "-", *command]).stdout.strip()


def _containers(stack: Stack) -> set[str]:
    label = f"label=com.docker.compose.project={stack.project}"
    return set(run(["docker", "ps", "-aq", "--no-trunc", "--filter", label]).stdout.split())


def _id(name: str) -> str:
    return run(["docker", "inspect", "-f", "{{.Id}}", name]).stdout.strip()


def _mebibytes(usage: str) -> float:
    number, unit = re.match(r"([\d.]+)(\w+)", usage).groups()  # type: ignore[union-attr]
    return float(number) * {"B": 1 / MEBIBYTE, "KiB": 1 / 1024, "MiB": 1, "GiB": 1024}[unit]
