"""The PostgreSQL cluster and etcd of a running core stack: what they say, and its writers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core_stack import ETCD, NODES, ROOT, Stack, leader_of, run, until
from engine_support import require_compose

OPERATIONS = ROOT / "tests/engine/operations"


@contextmanager
def writer(stack: Stack, pause: float = 0.01) -> Iterator[Callable[[], list[int]]]:
    """Write numbers in a container of its own; yields what tells which were acknowledged.

    Without a `pause` (seconds) more is on its way at any moment, and all else here gets slower.
    """
    until(lambda: stack.psql(5000, "TRUNCATE written; SELECT 1") == "1", 60)
    name = f"{stack.project}-writer"
    command = [*require_compose(5).command, "run", "-d", "-T", "--no-deps", "--name", name]
    command += ["-v", f"{OPERATIONS}/writer.sh:/writer.sh:ro", "--entrypoint", "/bin/sh"]
    run([*command, "postgres-init", "/writer.sh", f"{pause:g}"], cwd=stack.directory)
    try:
        yield lambda: [int(line) for line in run(["docker", "logs", name]).stdout.split()]
    finally:
        run(["docker", "rm", "-f", name])


def lost_none(stack: Stack, acknowledged: list[int]) -> None:
    """Compare what was acknowledged with what is there; a leader that just came is asked again."""
    found: set[int] = set()

    def reads() -> bool:
        found.update(map(int, stack.psql(5000, "SELECT number FROM written").split()))
        return bool(found)

    until(reads, 60)
    assert set(acknowledged) - found == set()


def replicas(stack: Stack) -> int:
    streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
    return int(stack.psql(5000, streaming) or 0)


def synchronous(stack: Stack) -> int:
    counted = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
    return int(stack.psql(5000, counted) or 0)


def patch_settings(stack: Stack, change: dict[str, object]) -> None:
    known = """printf 'user = "patroni:%s"' "$(cat /run/secrets/patroni_api_password)" |"""
    script = f'{known} curl -fsS -K - -X PATCH -d "$1" http://localhost:8008/config'
    name = f"{stack.project}-{leader_of(stack)}-1"
    run(["docker", "exec", name, "sh", "-c", script, "sh", json.dumps(change)])


def revision_of(name: str) -> int:
    status = run(["docker", "exec", name, "etcdctl", "endpoint", "status", "-w", "json"]).stdout
    return int(json.loads(status)[0]["Status"]["header"]["revision"])


def database_size(name: str) -> int:
    """Return the bytes of a member's database on disk."""
    status = run(["docker", "exec", name, "etcdctl", "endpoint", "status", "-w", "json"]).stdout
    return int(json.loads(status)[0]["Status"]["dbSize"])


def health_of(stack: Stack, service: str) -> str:
    name = f"{stack.project}-{service}-1"
    return run(["docker", "inspect", "-f", "{{.State.Health.Status}}", name]).stdout.strip()


def certificate_of(stack: Stack, node: str) -> str:
    """Return the certificate that a node serves, as PEM; another one asks until it does."""
    served = f"{node}:2379" if node in ETCD else f"{node}:5432 -starttls postgres"
    asking = next(name for name in NODES if name != node)
    ask = f"openssl s_client -connect {served} < /dev/null 2> /dev/null | openssl x509 2> /dev/null"
    script = f"for _ in $(seq 100); do {ask} && exit; sleep 0.3; done; exit 1"
    return run(["docker", "exec", f"{stack.project}-{asking}-1", "sh", "-c", script]).stdout
