"""What happens while a stack boots, and to what it left behind: every disturbance is named."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine_support import require_busybox, require_engine

sys.path.insert(0, str(Path(__file__).parent))
from cases import probe, service, shell
from stacks import Silent, note, take_down, write

from bootready.boot.up import Options
from bootready.model.boot import BootOutcome, ServiceState
from bootready.model.request import Request
from bootready.pipeline import load
from bootready.pipeline.up import up

pytestmark = pytest.mark.engine

SLOW = probe("[CMD, test, -f, /tmp/ok]", retries=60)
PG = "/usr/lib/postgresql/17/bin"


class When(Silent):
    """A view that does something once, the moment a service has come to a word."""

    interval = 0.2

    def __init__(self, name: str, word: str, action: Callable[[], object]) -> None:
        self.name, self.word, self.action = name, word, action
        self.worker: threading.Thread | None = None

    def states(self, states: dict[str, ServiceState], seconds: float) -> None:  # type: ignore[override]
        if self.worker is None and states[self.name].word == self.word:
            self.worker = threading.Thread(target=self.action)
            self.worker.start()


def boot(
    directory: Path, name: str, compose: str, view: Silent, timeout: float = 60.0, **environ: str
) -> BootOutcome:
    request = Request(directory=str(directory), project_name=name)
    everything = {**os.environ, "BOOTREADY_COMPOSE": compose, **environ}
    loaded = load(request, everything)
    outcome = up(loaded, request, everything, Options(timeout=timeout), view, 1.0)
    case = os.environ["PYTEST_CURRENT_TEST"].partition("::test_")[2].split(" ")[0]
    note(case.replace("_", "-"), view.refusals[-1] if view.refusals else "nothing", outcome)
    return outcome


def docker(*arguments: str) -> str:
    done = subprocess.run(
        ["docker", *arguments], check=False, capture_output=True, text=True, timeout=60
    )
    return done.stdout.strip()


@contextmanager
def listening() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


def test_a_container_killed_during_the_boot(tmp_path: Path, project: str, compose: str) -> None:
    text = "services:\n" + service("a", SLOW) + service("b", "depends_on: [a]")
    write(tmp_path, {"compose.yaml": text})
    view = When("a", "starting", lambda: docker("kill", f"{project}-a-1"))
    outcome = boot(tmp_path, project, compose, view)
    (first,) = outcome.diagnoses
    assert (first.service, first.symptom) == ("a", "process-ended")
    assert "killed from outside" in first.headline
    assert "137" in first.headline
    assert outcome.seconds < 40, "long before its budget of a minute ends"
    write(tmp_path, {"compose.yaml": text.replace("-f, /tmp/ok", "-d, /tmp")})
    assert boot(tmp_path, project, compose, Silent()).ready


def test_what_was_unhealthy_before_is_given_another_chance(
    tmp_path: Path, project: str, compose: str
) -> None:
    """The remedy takes effect at the next boot, though Compose would give up at once."""
    asked = probe("[CMD, test, -f, /data/ok]").replace("interval: 1s", "interval: 2s")
    text = "services:\n" + service("a", asked, "volumes: ['./data:/data']")
    text += service("b", "depends_on: {a: {condition: service_healthy}}")
    write(tmp_path, {"compose.yaml": text, "data/README": ""})
    (first,) = boot(tmp_path, project, compose, Silent()).diagnoses
    assert (first.service, first.symptom) == ("a", "probe-fails")

    unmended = boot(tmp_path, project, compose, Silent()).diagnoses
    assert [(one.service, one.symptom) for one in unmended] == [("a", "probe-fails")]
    write(tmp_path, {"data/ok": ""})
    again = boot(tmp_path, project, compose, Silent())
    assert again.ready, again.diagnoses


def test_a_container_removed_during_the_boot(tmp_path: Path, project: str, compose: str) -> None:
    write(tmp_path, {"compose.yaml": "services:\n" + service("a", SLOW)})
    view = When("a", "starting", lambda: docker("rm", "-f", f"{project}-a-1"))
    (first,) = boot(tmp_path, project, compose, view, timeout=20).diagnoses
    assert (first.service, first.symptom) == ("a", "container-removed")


def test_a_network_removed_during_the_boot(tmp_path: Path, project: str, compose: str) -> None:
    waits = "depends_on: {a: {condition: service_healthy}}"
    text = (
        "services:\n"
        + service("a", SLOW.replace("/tmp/ok", "/tmp/go"), "networks: [x]").replace(
            "[sleep, '600']", shell("sleep 4; touch /tmp/go; sleep 600")
        )
        + service("b", waits, "networks: [y]")
        + "networks: {x: {}, y: {}}\n"
    )
    write(tmp_path, {"compose.yaml": text})
    view = When("a", "starting", lambda: docker("network", "rm", f"{project}_y"))
    outcome = boot(tmp_path, project, compose, view)
    (first,) = outcome.diagnoses
    assert (first.service, first.symptom) == ("b", "network-missing"), first
    assert "removed" in first.cause
    assert "compose down" in first.remedy
    take_down(tmp_path, project, compose)
    assert boot(tmp_path, project, compose, Silent()).ready


def test_a_port_that_a_process_took_after_the_check(
    tmp_path: Path, project: str, compose: str
) -> None:
    with listening() as port:
        text = "services:\n" + service("a", f"ports: ['127.0.0.1:{port}:80']")
        write(tmp_path, {"compose.yaml": text})
        (first,) = boot(tmp_path, project, compose, Silent()).diagnoses
    assert (first.service, first.symptom) == ("a", "port-taken")
    if os.geteuid() == 0:
        assert f"pid {os.getpid()}" in first.cause
    again = boot(tmp_path, project, compose, Silent())
    assert not again.diagnoses


def test_a_port_of_another_project_s_container(tmp_path: Path, project: str, compose: str) -> None:
    other = f"{project}-other"
    with listening() as port:
        pass  # free again, and nobody else is likely to take it now
    publish = ("-p", f"127.0.0.1:{port}:80")
    assert docker("run", "-d", "--name", other, *publish, require_busybox(), "sleep", "99")
    try:
        text = "services:\n" + service("a", f"ports: ['127.0.0.1:{port}:80']")
        write(tmp_path, {"compose.yaml": text})
        (first,) = boot(tmp_path, project, compose, Silent()).diagnoses
        assert (first.service, first.symptom) == ("a", "port-taken")
        assert f"container '{other}'" in first.cause
    finally:
        docker("rm", "-f", other)
    assert not boot(tmp_path, project, compose, Silent()).diagnoses


def test_a_boot_that_takes_longer_than_its_budget(
    tmp_path: Path, project: str, compose: str
) -> None:
    text = "services:\n" + service("a", SLOW) + service("b", "depends_on: [a]")
    write(tmp_path, {"compose.yaml": text})
    outcome = boot(tmp_path, project, compose, Silent(), timeout=10)
    assert outcome.timed_out
    assert outcome.seconds < 40, "not the minute of the health checks"
    assert [(one.service, one.symptom) for one in outcome.diagnoses] == [("a", "slow-start")]


def test_a_wrong_password_on_an_existing_volume(tmp_path: Path, project: str, compose: str) -> None:
    image = require_image("spilo:17")
    start = (
        (
            "mkdir -p /data/d; chown -R postgres /data; cat /run/secrets/pw >/tmp/pw;"
            'chmod 644 /tmp/pw; P="setpriv --reuid=postgres --regid=postgres --clear-groups";'
            f"[ -s /data/d/PG_VERSION ] || $P {PG}/initdb -D /data/d --auth=scram-sha-256"
            " --pwfile=/tmp/pw >/dev/null;"
            "grep -q '^host all all samenet' /data/d/pg_hba.conf ||"
            "echo 'host all all samenet scram-sha-256' >> /data/d/pg_hba.conf;"
            f"exec $P {PG}/postgres -D /data/d -c listen_addresses=0.0.0.0 -k /tmp"
        )
        .replace("$", "$$")
        .replace("--auth=scram", "-A scram")
    )
    ready = probe(f"[CMD, {PG}/pg_isready, -h, 127.0.0.1]", retries=30)
    query = "PGPASSWORD=$$(cat /run/secrets/pw) psql -h db -U postgres -c 'select 1' && sleep 600"
    text = (
        "services:\n"
        + service(
            "db",
            ready,
            "volumes: ['data:/data']",
            "secrets: [pw]",
            "user: root",
            "environment: {POSTGRES_PASSWORD_FILE: /run/secrets/pw}",
        )
        + service(
            "app", "user: root", "secrets: [pw]", "depends_on: {db: {condition: service_healthy}}"
        )
        + "secrets: {pw: {file: ./pw.txt}}\nvolumes: {data: {}}\n"
    ).replace("bootready.local/busybox:1", image)
    text = text.replace("command: [sleep, '600']", f"entrypoint: [bash, -c, {quoted(start)}]", 1)
    text = text.replace("command: [sleep, '600']", f"entrypoint: [bash, -c, {quoted(query)}]", 1)
    write(tmp_path, {"compose.yaml": text, "pw.txt": "first-password"})
    begun = boot(tmp_path, project, compose, Silent())
    assert begun.ready, begun.diagnoses
    down = [*compose.split(), "-p", project, "down", "-t", "2"]
    subprocess.run(down, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    write(tmp_path, {"pw.txt": "second-password"})
    outcome = boot(tmp_path, project, compose, Silent())
    (first,) = outcome.diagnoses
    assert (first.service, first.symptom) == ("app", "value-changed"), first
    assert "secret 'pw' of 'db' has changed since the last boot that worked" in first.cause
    assert "ALTER ROLE" in first.remedy
    assert "second-password" not in repr(outcome)
    write(tmp_path, {"pw.txt": "first-password"})  # the remedy: put the old one back
    take_up_again = boot(tmp_path, project, compose, Silent())
    assert take_up_again.ready, take_up_again.diagnoses


def test_a_key_that_is_not_the_certificate_s(tmp_path: Path, project: str, compose: str) -> None:
    image = require_image("haproxy:3.0")
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a"]
    for name in ("one", "two"):
        argv = [*openssl, "-keyout", f"{name}.key", "-out", f"{name}.crt"]
        subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    configuration = (
        "defaults\n mode http\n timeout client 1s\n timeout connect 1s\n timeout server 1s\n"
        "frontend f\n bind :8443 ssl crt /run/secrets/tls\n http-request return status 200\n"
    )
    text = "services:\n" + service(
        "web",
        "user: root",
        "secrets: [tls]",
        "configs: [{source: h, target: /h.cfg}]",
        command="[haproxy, -db, -f, /h.cfg]",
    ).replace("bootready.local/busybox:1", image)
    text += "secrets: {tls: {file: ./pair.pem}}\nconfigs: {h: {file: ./h.cfg}}\n"

    def pair(key: str) -> str:
        return (tmp_path / "one.crt").read_text() + (tmp_path / f"{key}.key").read_text()

    write(tmp_path, {"compose.yaml": text, "h.cfg": configuration, "pair.pem": pair("two")})
    outcome = boot(tmp_path, project, compose, Silent())
    (first,) = outcome.diagnoses
    assert (first.service, first.symptom) == ("web", "log-signature"), first
    assert first.cause == "the private key does not belong to the certificate"
    write(tmp_path, {"pair.pem": pair("one")})
    again = boot(tmp_path, project, compose, Silent())
    assert not again.diagnoses, again.diagnoses


def test_an_engine_that_dies_during_the_boot(
    tmp_path: Path, compose: str, request: pytest.FixtureRequest
) -> None:
    bridge = Path("/sys/class/net/docker0")
    before = bridge.exists()
    with second_engine() as (host, kill):
        image = require_busybox()
        archive = tmp_path / "image.tar"
        docker("save", "-o", str(archive), image)
        docker("-H", host, "load", "-i", str(archive))
        text = "services:\n" + service("a", SLOW, "network_mode: none")
        write(tmp_path, {"compose.yaml": text})
        view = When("a", "starting", kill)
        monkeypatch = pytest.MonkeyPatch()
        monkeypatch.setenv("DOCKER_HOST", host)
        request.addfinalizer(monkeypatch.undo)
        outcome = boot(tmp_path, "bootready-lost", compose, view, DOCKER_HOST=host)
    assert bridge.exists() == before, "the second engine must not touch the network of the first"
    (first,) = outcome.diagnoses
    assert (first.service, first.symptom) == ("", "engine-lost")
    assert "start the engine" in first.remedy
    assert outcome.seconds < 40, "long before its budget of a minute ends"


@contextmanager
def second_engine() -> Iterator[tuple[str, Callable[[], None]]]:
    """Start a Docker Engine of our own, apart from the one that runs; skip where we may not."""
    require_engine()
    daemon, isolate = shutil.which("dockerd"), shutil.which("unshare")
    if daemon is None or isolate is None or os.geteuid() != 0:
        pytest.skip("a second engine needs dockerd and root")
    # Short, unlike `tmp_path`: containerd's sockets below it may not exceed 107 bytes (unix(7)).
    directory = Path(tempfile.mkdtemp(prefix="boot-"))
    host = f"unix://{directory}/s"
    # In a network of its own: `--bridge none` removes docker0, and it would be that of the engine
    # which everybody uses.
    argv = [
        isolate,
        "--net",
        daemon,
        "--data-root",
        f"{directory}/data",
        "--exec-root",
        f"{directory}/exec",
    ]
    argv += ["-H", host, "--pidfile", f"{directory}/pid", "--bridge", "none", "--iptables=false"]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(argv, stdout=log, stderr=log)
    try:
        for _ in range(240):
            if docker("-H", host, "info", "-f", "{{.ID}}"):
                break
            assert process.poll() is None, (directory / "log").read_text()[-2000:]
            time.sleep(0.25)
        yield host, process.kill
    finally:
        process.kill()
        process.wait(20)
        end_children(directory)
        shutil.rmtree(directory)


def end_children(directory: Path) -> None:
    """End what a killed engine leaves behind: its containerd and the shims of its containers."""
    for _ in range(3):
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(directory) in words and "containerd" in words:
                subprocess.run(["kill", "-9", entry.name], check=False)
        time.sleep(0.3)
    for line in Path("/proc/mounts").read_text().splitlines():
        mount = line.split()[1]
        if mount.startswith(str(directory)):
            subprocess.run(["umount", "-l", mount], check=False)


def require_image(name: str) -> str:
    image = f"bootready.local/{name}"
    if not docker("image", "inspect", "-f", "{{.Id}}", image):
        pytest.skip(f"needs the image {image} (make images)")
    return image


def quoted(script: str) -> str:
    return "'" + re.sub("'", "''", script) + "'"
