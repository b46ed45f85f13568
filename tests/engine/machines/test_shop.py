"""A small stack on three machines: deployed, rotated, drained; power and cable lost, and back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from machines import Cluster, Machine, until

pytestmark = [pytest.mark.engine, pytest.mark.slow]

SHOP = """\
name: shop
x-service: &service
  image: bootready.local/busybox:1
  init: true
  stop_grace_period: 1s
  restart: always
services:
  web:
    <<: *service
    command:
      - sh
      - -c
      - mkdir /tmp/site && cd /tmp/site && echo "$$NODE $$(cat /run/secrets/token)" > index.html &&
        exec httpd -f -p 80
    environment: {NODE: "{{.Node.Hostname}}"}
    secrets: [token]
    ports: ["18080:80"]
    healthcheck: {test: "wget -q -O - http://localhost", interval: 1s}
    deploy: {update_config: {parallelism: 0, monitor: 1s}}
    x-bootready: {swarm: {mode: global}}
  worker:
    <<: *service
    command: [sleep, infinity]
    deploy: {replicas: 2}
  store:
    <<: *service
    command: [sh, -c, "while sleep 0.1; do hostname >> /data/written; done"]
    volumes: ["/srv/store:/data"]
    x-bootready: {swarm: {pin: disk=big}}
secrets:
  token: {file: ./token.txt}
"""
STORES = 2
"""The machine with the disk of the service `store`."""


class Shop(NamedTuple):
    """The project, and the cluster that it is deployed to."""

    directory: Path
    cluster: Cluster

    def bootready(self, manager: Machine, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run bootready on the client, which reaches the ports of all machines."""
        command = ["env", f"DOCKER_HOST={manager.host}", sys.executable, "-m", "bootready"]
        return self.cluster.switch.run(
            *command, *arguments, cwd=self.directory, check=False, seconds=200
        )

    def up(self) -> str:
        """Deploy, which has to succeed, and return what was said."""
        quick = ("--no-prepare", "--no-check", "--settle", "1", "--timeout", "120")
        done = self.bootready(self.cluster[1], "up", "--target", "swarm", *quick)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def phases(self, manager: Machine) -> dict[str, str]:
        """Return the phase of each service as a manager sees it; empty without a leader."""
        done = self.bootready(manager, "status", "--target", "swarm", "--json")
        found = json.loads(done.stdout)["services"] if done.stdout else []
        return {one["service"]: one["phase"] for one in found}

    def page(self, machine: Machine) -> str:
        """Return what the machine says on its port, '' if it does not answer."""
        url = f"http://{machine.address}:18080/"
        return self.cluster.switch.run("curl", "-sm2", url, check=False).stdout.strip()

    def nodes(self, manager: Machine, service: str) -> dict[str, str]:
        """Return the ids of the tasks of a service that are to run, and their nodes."""
        shown = ["--no-trunc", "--filter", "desired-state=running", "--format", "{{.ID}} {{.Node}}"]
        said = manager.docker("service", "ps", *shown, f"shop_{service}").stdout
        return dict(line.split() for line in said.splitlines() if " " in line.strip())

    def writers(self) -> list[str]:
        """Return the containers that wrote the data, in the order of what they wrote."""
        written = self.cluster[STORES].run("cat", "/srv/store/written").stdout.split()
        return [one for one, former in zip(written, ["", *written], strict=False) if one != former]


@pytest.fixture(scope="module")
def shop(cluster, tmp_path_factory) -> Shop:
    """The stack, deployed with `bootready up` and seen to answer."""
    directory = tmp_path_factory.mktemp("shop")
    (directory / "compose.yaml").write_text(SHOP)
    (directory / "token.txt").write_text("sesame")
    cluster[1].docker("node", "update", "--label-add", "disk=big", cluster[STORES].name)
    cluster[STORES].run("mkdir", "-p", "/srv/store")
    made = Shop(directory, cluster)
    said = made.up()
    for machine in cluster.machines:
        assert f"ok    web  port  {machine.address}:18080" in said
    return made


def test_a_changed_secret_renews_what_reads_it_and_nothing_else(shop):
    first = shop.cluster[1]
    others = {name: shop.nodes(first, name) for name in ("worker", "store")}
    assert [shop.page(one) for one in shop.cluster.machines] == [
        f"node{number} sesame" for number in (1, 2, 3)
    ]
    (shop.directory / "token.txt").write_text("open-wide")
    shop.up()
    assert [shop.page(one) for one in shop.cluster.machines] == [
        f"node{number} open-wide" for number in (1, 2, 3)
    ]
    assert others == {name: shop.nodes(first, name) for name in ("worker", "store")}


def test_a_drained_node_gives_its_tasks_away_and_is_served_again(shop):
    first, drained = shop.cluster[1], shop.cluster[3]
    first.docker("node", "update", "--availability", "drain", drained.name)
    until(lambda: not shop.page(drained))
    until(lambda: drained.name not in shop.nodes(first, "worker").values())
    good = {"web": "ready", "worker": "ready", "store": "ready"}
    until(lambda: shop.phases(first) == good)
    first.docker("node", "update", "--availability", "active", drained.name)
    until(lambda: shop.page(drained) != "")


def test_what_is_pinned_to_a_machine_without_power_waits_for_it(shop):
    lost, manager = shop.cluster[STORES], shop.cluster[1]
    until(lambda: bool(shop.writers()))
    before = shop.writers()
    lost.kill()
    until(lambda: lost.name not in shop.cluster.ready(manager))
    waiting = {"web": "ready", "worker": "ready", "store": "failed"}
    until(lambda: shop.phases(manager) == waiting)
    assert shop.bootready(manager, "status", "--target", "swarm").returncode == 1
    assert lost.name not in shop.nodes(manager, "worker").values()
    lost.turn_on()
    lost.until_it_answers()
    until(lambda: shop.page(lost).startswith(lost.name))
    until(lambda: set(shop.phases(lost).values()) == {"ready"})
    until(lambda: shop.writers()[: len(before)] == before and shop.writers() != before)


def test_without_the_manager_that_leads_the_others_go_on_and_it_joins_again(shop):
    cut = shop.cluster.leader()
    left = [one for one in shop.cluster.machines if one is not cut]
    cut.unplug()
    until(lambda: bool(shop.cluster.ready(left[0])) and cut.name not in shop.cluster.ready(left[0]))
    assert all(shop.page(one).startswith(one.name) for one in left)
    cut.plug()
    until(lambda: len(shop.cluster.ready(left[0])) == len(shop.cluster.machines))
    until(lambda: shop.page(cut).startswith(cut.name))
    until(lambda: set(shop.phases(cut).values()) == {"ready"})
