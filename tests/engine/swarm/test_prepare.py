"""A swarm gets what a stack needs before it, its nodes are asked, and all of it is taken back."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile

import pytest
from deployed import bootready, project

pytestmark = pytest.mark.engine

NEEDS = """\
services:
  web:
    image: bootready.local/busybox:1
    command: [sleep, "600"]
    restart: always
    networks: [edge]
    secrets: [token]
    volumes: ["/nowhere-at-all:/data"]
    x-bootready: {swarm: {pin: tier=web}}
  gone: {image: "bootready.local/gone:1", restart: always}
networks:
  edge: {external: true, name: prepared-edge}
secrets:
  token: {environment: TOKEN}
"""
SHIPPED = "bootready.local/shipped-by-a-test:1"


def docker(environ: dict[str, str], *arguments: str, given: bytes = b"") -> str:
    done = subprocess.run(
        ["docker", *arguments], env=environ, input=given, capture_output=True, check=True
    )
    return done.stdout.decode()


def swarm_of(manager: dict[str, str]) -> set[str]:
    """Return what exists in the swarm: networks, secrets, labels of the node, services."""
    scope = ("--filter", "scope=swarm")
    found = docker(manager, "network", "ls", *scope, "--format", "network {{.Name}}")
    found += docker(manager, "secret", "ls", "--format", "secret {{.Name}}")
    found += docker(manager, "service", "ls", "--format", "service {{.Name}}")
    labels = docker(manager, "node", "inspect", "self", "--format", "{{json .Spec.Labels}}")
    listed = {*found.splitlines(), *(f"label {name}" for name in json.loads(labels) or {})}
    return listed - {"network ingress"}  # the swarm's own, which comes a moment after it


def found_by(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    report = json.loads(done.stdout)
    return {one["check"]: one["message"] for one in report["findings"]}


@pytest.mark.slow
def test_a_swarm_is_checked_prepared_probed_and_left_as_it_was(manager, tmp_path):
    made = project(tmp_path, NEEDS, "needs")
    before = swarm_of(manager)
    check = ("check", "--target", "swarm", "--json", "--only", "swarm")
    first = found_by(bootready(manager, made, *check))
    assert {"stack-node-unmatched", "stack-object-missing"} <= first.keys()
    assert "stack-node-lacks" not in first
    prepare = ("prepare", "--target", "swarm")
    planned = bootready(manager, made, *prepare, "--dry-run")
    assert "network  prepared-edge" in planned.stdout, planned.stderr
    assert "label tier=web" in planned.stdout
    assert swarm_of(manager) == before
    done = bootready(manager, made, *prepare)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "prepared: 3 steps" in done.stdout
    assert "sesame" not in planned.stdout + planned.stderr + done.stdout + done.stderr
    new = swarm_of(manager) - before
    assert {"network prepared-edge", "label tier"} < new
    assert len(new) == 3, new
    again = bootready(manager, made, *prepare)
    assert (again.returncode, again.stdout) == (0, "already prepared, nothing to do\n")
    probed = bootready(manager, made, *check, "--probe")
    second = found_by(probed)
    assert not {"stack-node-unmatched", "stack-object-missing"} & second.keys(), second
    told = [one["message"] for one in json.loads(probed.stdout)["findings"]]
    assert any("image 'bootready.local/gone:1' is missing" in one for one in told), told
    assert any("'/nowhere-at-all', which it mounts, does not exist" in one for one in told), told
    assert not any("busybox" in one for one in told), told
    reasons = [one["reason"] for one in json.loads(probed.stdout)["skipped"]]
    assert not any("disk" in one for one in reasons), reasons
    assert swarm_of(manager) - before == new, "the jobs of the probe are gone"
    undone = bootready(manager, made, "undo")
    assert undone.returncode == 0, undone.stdout + undone.stderr
    assert swarm_of(manager) == before, undone.stdout


def test_an_image_is_sent_to_a_node_without_a_registry(manager, tmp_path):
    """The node is this machine's other engine here: what counts is how it is reached."""
    here = dict(os.environ)
    way = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    name = docker(manager, "node", "inspect", "self", "--format", "{{.Description.Hostname}}")
    docker(manager, "import", "-", SHIPPED, given=_archive())
    text = f"services:\n  a: {{image: '{SHIPPED}', command: [x], restart: always}}\n"
    made = project(tmp_path, text, "sent")
    arguments = ("prepare", "--target", "swarm", "--only", "images", "--node", f"{name[:-1]}={way}")
    try:
        sent = bootready(manager, made, *arguments)
        assert sent.returncode == 0, sent.stdout + sent.stderr
        assert f"{SHIPPED} -> {name.strip()}" in sent.stderr, "how far it is"
        inspect = ("image", "inspect", "--format", "{{.Id}}", SHIPPED)
        assert docker(here, *inspect) == docker(manager, *inspect)
        again = bootready(manager, made, *arguments)
        assert again.stdout == "already prepared, nothing to do\n"
    finally:
        remove = ["docker", "image", "rm", SHIPPED]
        subprocess.run(remove, env=here, capture_output=True, check=False)
    wrong = bootready(manager, made, *arguments[:-1], "nobody=x")
    assert (wrong.returncode, "is called 'nobody'" in wrong.stderr) == (2, True), wrong.stderr


def _archive() -> bytes:
    """Return an archive with one file in it, for an image of its own."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        entry = tarfile.TarInfo("sent-by-a-test")
        entry.size = 1 << 20
        archive.addfile(entry, io.BytesIO(os.urandom(entry.size)))
    return raw.getvalue()
