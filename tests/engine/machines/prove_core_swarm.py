"""The core stack on three machines of which one after the other is lost: `make prove-swarm`.

It takes minutes a loss, so no other run of the tests collects this file.

A client writes all the time through a machine that stays. What PostgreSQL acknowledged is compared
with what the next leader has.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from core_stack import ROOT, require_standins
from machines import Cluster, Machine, machines, until

LOSSES = int(os.environ.get("BOOTREADY_LOSSES", "4"))
pytestmark = [pytest.mark.engine, pytest.mark.slow]

WRITER = """
export PGPASSWORD="$(cat /password)" PGCONNECT_TIMEOUT=2 PGSSLMODE=require
n=0
while :; do
  n=$((n + 1))
  timeout 5 psql -qX -h "$1" -p 15432 -U postgres -d postgres -v ON_ERROR_STOP=1 \
    -c "INSERT INTO written VALUES ($n)" > /dev/null 2>&1 && echo "$(date +%s.%N) $n"
done
"""
LOCKED_OUT = 75
RESUMES = 35.0
"""Seconds within which writes go on through the other machines."""


class Core(NamedTuple):
    """The prepared core stack, and the cluster that it runs on."""

    directory: Path
    cluster: Cluster
    image: str

    def nodes(self, machine: Machine, *options: str) -> list[str]:
        """Return the containers of the PostgreSQL node of a machine, running ones without `-a`."""
        filters = ["--filter", "name=core-stack_patroni"]
        return machine.docker("ps", "-q", *options, *filters).stdout.split()

    def psql(self, machine: Machine, sql: str) -> str:
        """Ask the writer through this machine, '' if it does not answer."""
        script = f'PGPASSWORD="$(cat /password)" psql -qAtX -p 15432 -U postgres -c "{sql}"'
        options = [
            "--network",
            "host",
            "-e",
            f"PGHOST={machine.address}",
            "-e",
            "PGSSLMODE=require",
        ]
        options += ["-e", "PGCONNECT_TIMEOUT=2", "-e", "PGDATABASE=postgres"]
        options += self.password(machine)
        done = machine.docker(
            "run", "--rm", *options, "--entrypoint", "sh", self.image, "-c", script, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    def password(self, machine: Machine) -> list[str]:
        """Return the options that show a container the password, which is on the first machine."""
        file = machine.directory / "disk/password"
        if not file.exists():
            shutil.copy(self.directory / "secrets/patroni_superuser_password.txt", file)
        return ["-v", "/srv/password:/password:ro"]

    def leader(self) -> Machine | None:
        """Return the machine whose PostgreSQL takes writes."""
        for machine in self.cluster.machines:
            for task in self.nodes(machine) if machine.is_on else ():
                url = "http://localhost:8008/primary"
                asked = ("exec", task, "curl", "-fsS", "-m", "2", "-o", "/dev/null", url)
                if machine.docker(*asked, check=False).returncode == 0:
                    return machine
        return None

    def is_whole(self, manager: Machine) -> bool:
        """Tell whether both replicas stream, one of them in step, and every service is up."""
        counted = "count(*) FILTER (WHERE state = 'streaming'), bool_or(sync_state = 'sync')"
        if self.psql(manager, f"SELECT {counted} FROM pg_stat_replication") != "2|t":
            return False
        return self.phases(manager) in ({"ready"}, {"ready", "done"})

    def phases(self, manager: Machine) -> set[str]:
        command = ["env", f"DOCKER_HOST={manager.host}", sys.executable, "-m", "bootready"]
        command += ["status", "--target", "swarm", "--json"]
        done = self.cluster.switch.run(*command, cwd=self.directory, check=False)
        found = json.loads(done.stdout)["services"] if done.stdout else []
        return {one["phase"] for one in found}

    def get(self, machine: Machine, path: str) -> str:
        """Ask Prometheus through the gateway of a machine, trusting the local CA alone."""
        word = (self.directory / "secrets/gateway_users.txt.clear").read_text().strip()
        name = "prometheus.core.localhost"
        options = ["--cacert", f"{self.directory}/secrets/certs/rootCA.pem", "-K", "-"]
        options += ["--resolve", f"{name}:443:{machine.address}", "-fsm5"]
        given = f'user = "admin:{word}"\n'
        return self.cluster.switch.run(
            "curl", *options, f"https://{name}{path}", given=given, check=False
        ).stdout


@pytest.fixture(scope="module")
def core() -> Iterator[Core]:
    images = require_standins()
    with machines() as cluster:
        cluster.load(*images)
        directory = cluster[1].directory / "disk/core"
        started = time.monotonic()
        cluster.join()
        made = Core(directory, cluster, next(one for one in images if "/spilo:" in one))
        _write(directory)
        boot = (sys.executable, f"{ROOT}/scripts/boot_swarm.py", "-C", "/srv/core")
        done = cluster[1].run(*boot, "--timeout", "240", check=False, seconds=400)
        assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        until(lambda: made.is_whole(cluster[1]))
        _targets_are_up(made)
        print(f"from three fresh machines to verified: {time.monotonic() - started:.0f} s")
        yield made


def _write(directory: Path) -> None:
    """Write what is tracked of the stack, and an `.env` with the stand-ins."""
    shutil.copytree(ROOT / "infra", directory / "infra")
    shutil.copy(ROOT / "docker-compose.yml", directory)
    listed = [sys.executable, f"{ROOT}/scripts/offline_images.py", "--list"]
    said = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    text = (ROOT / ".env.example").read_text()
    for name, value in (one.split("=", 1) for one in said.split()):
        text = re.sub(rf"(?m)^{name}=.*$", f"{name}={value}", text)
    (directory / ".env").write_text(text)


def _targets_are_up(core: Core) -> None:
    """Every machine's gateway leads to Prometheus, which finds the tasks of every machine."""
    wanted = {"node": 3, "haproxy": 3, "traefik": 3, "patroni": 3, "etcd": 3}
    wanted |= {"prometheus": 1, "alertmanager": 1, "postgres": 1}

    def are_up() -> bool:
        found: dict[str, int] = {}
        for machine in core.cluster.machines:
            said = core.get(machine, "/api/v1/targets")
            if not said:
                return False
            found = {}
            for one in json.loads(said)["data"]["activeTargets"]:
                job = one["labels"]["job"]
                found[job] = found.get(job, 0) + (one["health"] == "up")
        return found == wanted

    until(are_up)


def kill(core: Core, machine: Machine) -> Callable[[], None]:
    machine.kill()

    def back() -> None:
        machine.turn_on()
        machine.until_it_answers()

    return back


def unplug(core: Core, machine: Machine) -> Callable[[], None]:
    machine.unplug()
    return machine.plug


def drain(core: Core, machine: Machine) -> Callable[[], None]:
    manager = next(one for one in core.cluster.machines if one is not machine)
    update = ("node", "update", "--availability")
    manager.docker(*update, "drain", machine.name)

    def back() -> None:
        manager.docker(*update, "active", machine.name)

    return back


@pytest.mark.parametrize("number", range(LOSSES))
def test_no_acknowledged_write_is_lost_with_a_machine(core, number):
    way = (kill, unplug, drain, kill)[number % 4]
    manager, lost = core.cluster.leader(), core.leader()
    assert lost is not None
    stays = next(one for one in core.cluster.machines if one is not lost)
    table = (
        "CREATE TABLE IF NOT EXISTS written (number int PRIMARY KEY); TRUNCATE written; SELECT 1"
    )
    until(lambda: core.psql(stays, table) == "1")
    with _writer(core, stays) as acknowledged:
        until(lambda: len(acknowledged()) > 20)
        at = time.time()
        back = way(core, lost)
        until(lambda: any(when > at + 3 for when, _ in acknowledged()), seconds=120)
        until(lambda: core.leader() not in {None, lost}, seconds=120)
        resumed = time.time()
        until(lambda: acknowledged()[-1][0] > resumed)
        seen = acknowledged()
    times = [when for when, _ in seen]
    gap = max(later - former for former, later in pairwise(times))
    found = set(map(int, core.psql(stays, "SELECT number FROM written").split()))
    missing = {n for _, n in seen} - found
    back()
    until(lambda: core.is_whole(stays), lambda: str(core.phases(stays)), seconds=240)
    whole = time.time()
    both = " and of the raft leader" if manager is lost else ""
    print(
        f"{way.__name__} the machine of the PostgreSQL leader{both} ({lost.name}):"
        f" no write for {gap:.1f} s, {len(seen)} acknowledged, {len(missing)} lost,"
        f" whole again {whole - at:.0f} s after the loss;"
        f" two nodes with one data directory for {_overlap(core):.1f} s"
    )
    assert not missing
    assert gap < RESUMES


@contextmanager
def _writer(core: Core, machine: Machine) -> Iterator[Callable[[], list[tuple[float, int]]]]:
    """Write through a machine; yields what tells the moments and numbers that were acknowledged."""

    def acknowledged() -> list[tuple[float, int]]:
        lines = machine.docker("logs", "writer").stdout.splitlines()
        return [(float(when), int(number)) for when, number in map(str.split, lines)]

    options = ["-d", "--name", "writer", "--network", "host", *core.password(machine)]
    script = ["-c", WRITER, "writer", machine.address]
    machine.docker("run", *options, "--entrypoint", "sh", core.image, *script)
    try:
        yield acknowledged
    finally:
        machine.docker("rm", "-f", "writer", check=False)


def _overlap(core: Core) -> float:
    """Return for how many seconds two containers had one data directory of PostgreSQL.

    One that does not get the lock ends with a code of its own.
    """
    worst = 0.0
    for machine in core.cluster.machines:
        listed = core.nodes(machine, "-a")
        found = json.loads(machine.docker("inspect", *listed).stdout) if listed else []
        states = [one["State"] for one in found if one["State"]["ExitCode"] != LOCKED_OUT]
        spans = sorted(
            (
                _moment(one["StartedAt"]),
                time.time() if one["Running"] else _moment(one["FinishedAt"]),
            )
            for one in states
        )
        worst = max([worst, *(ended - began for (_, ended), (began, _) in pairwise(spans))])
    return worst


def _moment(text: str) -> float:
    return datetime.fromisoformat(f"{text[:26].rstrip('Z')}+00:00").timestamp()
