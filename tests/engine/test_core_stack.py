"""The core stack on a real engine, with both versions of Compose: up, down, up again, failover."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from engine_support import Compose, require_compose, require_engine

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = "proof.localhost"
DIRECTORIES = (
    *(f"etcd{n}" for n in (1, 2, 3)),
    *(f"patroni{n}" for n in (1, 2, 3)),
    "valkey",
    "prometheus",
    "alertmanager",
)

pytestmark = [pytest.mark.engine, pytest.mark.slow]


class Stack(NamedTuple):
    """A prepared copy of the core stack, with ports and a project name of its own."""

    directory: Path
    project: str
    https: int

    def compose(self, program: Compose, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*program.command, "--progress", "plain", *arguments]
        done = _run(command, cwd=self.directory, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done

    def psql(self, port: int, sql: str) -> str:
        """Run SQL through HAProxy, from the exporter's side of the network; empty if refused."""
        script = (
            'PGCONNECT_TIMEOUT=2 PGPASSWORD="$(cat /run/secrets/patroni_superuser_password)"'
            f' psql -qAtX -h haproxy -p {port} -U postgres -d app -v ON_ERROR_STOP=1 -c "{sql}"'
        )
        for node in ("patroni1", "patroni2", "patroni3"):
            name = f"{self.project}-{node}-1"
            done = _run(["docker", "exec", name, "sh", "-c", script], check=False)
            if done.returncode == 0:
                return done.stdout.strip()
        return ""

    def get(self, name: str, path: str) -> str:
        """Ask a service through the gateway by HTTPS, trusting the local CA alone."""
        context = ssl.create_default_context(cafile=self.directory / "secrets/certs/rootCA.pem")
        host = f"{name}.{DOMAIN}"
        with (
            socket.create_connection(("127.0.0.1", self.https), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            secure.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            received = b"".join(iter(lambda: secure.recv(65536), b""))
        return received.decode()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Copy the tracked files to a path with a space, and prepare what git does not hold."""
    require_engine()
    if os.geteuid() != 0 and not _images_are_there():
        pytest.skip("needs root to build the stand-in images")
    _run([sys.executable, str(ROOT / "scripts/offline_images.py")])
    directory = tmp_path_factory.mktemp("boot") / "core stack"
    shutil.copytree(ROOT / "infra", directory / "infra")
    shutil.copy(ROOT / "docker-compose.yml", directory)
    ports = _free_ports(4)
    project = f"bootready-proof-{secrets.token_hex(3)}"
    _write_env(directory, project, ports)
    _write_secrets(directory / "secrets")
    _issue(directory / "secrets" / "certs")
    for name in DIRECTORIES:
        path = directory / "data" / name
        path.mkdir(parents=True)
        path.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(path, 1000, 1000)
    made = Stack(directory, project, ports[1])
    yield made
    program = require_compose(5)
    _run([*program.command, "down", "-v", "-t", "3"], cwd=directory, check=False)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.parametrize("major", [5, 2])
def test_config_is_accepted_without_a_warning(stack: Stack, major: int) -> None:
    done = stack.compose(require_compose(major), "config", "-q")
    assert done.stderr == ""


def test_up_down_up_and_failover(stack: Stack) -> None:
    """A cold start never shows what a second one does: addresses shuffled, data kept."""
    new, old = require_compose(5), require_compose(2)
    stack.compose(new, "up", "-d", "--wait", "--wait-timeout", "240")
    _sees_the_stack_work(stack)
    stack.psql(5000, "create table kept (word text); insert into kept values ('kept')")
    _hides_every_secret(stack)
    stack.compose(new, "down", "-t", "5")

    stack.compose(old, "up", "-d", "--wait", "--wait-timeout", "240")
    _sees_the_stack_work(stack)
    assert stack.psql(5000, "select word from kept") == "kept"

    leader = _leader(stack)
    _run(["docker", "kill", f"{stack.project}-{leader}-1"])
    _until(lambda: stack.psql(5000, "insert into kept values ('on') returning word") == "on", 90)
    assert _leader(stack) != leader
    _run(["docker", "start", f"{stack.project}-{leader}-1"])
    _until(lambda: stack.psql(5000, "select count(*) from pg_stat_replication") == "2", 60)
    stack.compose(old, "down", "-t", "5")


def test_a_key_that_does_not_match_is_unhealthy(stack: Stack) -> None:
    """Traefik serves no certificate then, and calls itself healthy all the same."""
    key = stack.directory / "secrets/certs/key.pem"
    good = key.read_bytes()
    _run(["openssl", "genrsa", "-out", str(key), "2048"])
    program = require_compose(5)
    command = [*program.command, "up", "-d", "--wait", "--wait-timeout", "60", "traefik"]
    done = _run(command, cwd=stack.directory, check=False)
    key.write_bytes(good)
    assert done.returncode != 0
    assert "unhealthy" in done.stderr
    stack.compose(program, "down", "-t", "3")


def _sees_the_stack_work(stack: Stack) -> None:
    assert stack.psql(5000, "select pg_is_in_recovery()") == "f"
    _until(lambda: stack.psql(5001, "select pg_is_in_recovery()") == "t", 30)
    _until(lambda: '"operations"' in stack.get("alertmanager", "/api/v2/receivers"), 30)
    _until(lambda: _targets_up(stack), 60)


def _targets_up(stack: Stack) -> bool:
    body = stack.get("prometheus", "/api/v1/targets").partition("\r\n\r\n")[2]
    targets = json.loads(body)["data"]["activeTargets"]
    return len(targets) == 12 and all(target["health"] == "up" for target in targets)


def _hides_every_secret(stack: Stack) -> None:
    label = f"label=com.docker.compose.project={stack.project}"
    names = _run(["docker", "ps", "-aq", "--filter", label]).stdout.split()
    shown = _run(["docker", "inspect", *names]).stdout + _run(["ps", "axww", "-o", "args"]).stdout
    for path in sorted((stack.directory / "secrets").glob("*.txt")):
        assert path.read_text() not in shown, path.name


def _leader(stack: Stack) -> str:
    for node in ("patroni1", "patroni2", "patroni3"):
        name = f"{stack.project}-{node}-1"
        url = "http://localhost:8008/primary"
        done = _run(["docker", "exec", name, "curl", "-fsS", "-o", "/dev/null", url], check=False)
        if done.returncode == 0:
            return node
    return ""


def _images_are_there() -> bool:
    listed = _run([sys.executable, str(ROOT / "scripts/offline_images.py"), "--list"]).stdout
    images = [line.partition("=")[2] for line in listed.split()]
    return _run(["docker", "image", "inspect", *images], check=False).returncode == 0


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def _write_env(directory: Path, project: str, ports: list[int]) -> None:
    names = ("HTTP_PORT", "HTTPS_PORT", "POSTGRES_WRITER_PORT", "POSTGRES_READER_PORT")
    given = {name: str(port) for name, port in zip(names, ports, strict=True)}
    given |= {"DEFAULT_URL": DOMAIN}
    listed = _run([sys.executable, str(ROOT / "scripts/offline_images.py"), "--list"]).stdout
    given |= dict(line.split("=", 1) for line in listed.split())
    lines = [f"COMPOSE_PROJECT_NAME={project}"]
    for line in (ROOT / ".env.example").read_text().splitlines():
        name = line.partition("=")[0]
        lines.append(f"{name}={given[name]}" if name in given else line)
    (directory / ".env").write_text("\n".join(lines) + "\n")


def _write_secrets(directory: Path) -> None:
    names = ("patroni_superuser", "patroni_replication", "valkey", "smtp")
    values = {f"{name}_password": secrets.token_urlsafe(24) for name in names}
    values["slack_webhook"] = f"https://hooks.slack.invalid/{secrets.token_hex(8)}"
    directory.mkdir()
    for name, value in values.items():
        path = directory / f"{name}.txt"
        path.write_text(value)
        path.chmod(0o640)
        if os.geteuid() == 0:
            os.chown(path, 0, 1000)


def _issue(directory: Path) -> None:
    directory.mkdir()
    request = ["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout"]
    root = ["-x509", "-days", "2", "-subj", "/CN=proof CA", "-out", "rootCA.pem"]
    usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    _run([*request, "ca.key", *root, *usage], cwd=directory)
    _run([*request, "key.pem", "-subj", f"/CN={DOMAIN}", "-out", "leaf.csr"], cwd=directory)
    (directory / "leaf.cnf").write_text(
        f"subjectAltName=DNS:{DOMAIN},DNS:*.{DOMAIN}\nextendedKeyUsage=serverAuth\n"
    )
    sign = ["openssl", "x509", "-req", "-in", "leaf.csr", "-CA", "rootCA.pem", "-CAkey", "ca.key"]
    more = ["-CAcreateserial", "-days", "2", "-extfile", "leaf.cnf", "-out", "cert.pem"]
    _run([*sign, *more], cwd=directory)


def _until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:.0f} s"
        time.sleep(0.5)


def _run(
    command: list[str], *, cwd: Path | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, check=check, capture_output=True, text=True, timeout=600
    )
