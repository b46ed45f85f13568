"""The core stack of this repository -> a prepared copy with its own ports and project name."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from engine_support import Compose, require_compose, require_engine

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = "proof.localhost"
ETCD = ("etcd1", "etcd2", "etcd3")
NODES = ("patroni1", "patroni2", "patroni3")
DIRECTORIES = (
    *ETCD,
    *NODES,
    "valkey",
    "prometheus",
    "alertmanager",
)
PROBED = {
    **dict.fromkeys((*ETCD, "haproxy"), "4s"),
    **dict.fromkeys((*NODES, "valkey", "postgres-exporter"), "5s"),
    **dict.fromkeys(("traefik", "prometheus", "alertmanager", "node-exporter"), "10s"),
}
"""Seconds between two probes, where it is two: seven processes started in each second are a fourth
of what all tests need of a small machine. `test_core_stack.py` first boots the stack as it is
written, and the documents' own commands do.
"""


class Stack(NamedTuple):
    """A prepared copy of the core stack, with ports and a project name of its own."""

    directory: Path
    project: str
    https: int

    def compose(self, program: Compose, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*program.command, "--progress", "plain", *arguments]
        done = run(command, cwd=self.directory, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done

    def set(self, name: str, value: str) -> None:
        """Write another value of a variable that is in the `.env`."""
        path = self.directory / ".env"
        path.write_text(re.sub(rf"(?m)^{name}=.*$", f"{name}={value}", path.read_text()))

    def override(self, services: Mapping[str, Mapping[str, object]]) -> None:
        """Write what Compose takes of these services instead of what the stack says."""
        path = self.directory / "docker-compose.override.yml"
        path.write_text(json.dumps({"services": services}))

    def psql(self, port: int, sql: str) -> str:
        """Run SQL through HAProxy, from the exporter's side of the network; empty if refused."""
        script = (
            'PGCONNECT_TIMEOUT=2 PGPASSWORD="$(cat /run/secrets/patroni_superuser_password)"'
            f' psql -qAtX -h haproxy -p {port} -U postgres -d app -v ON_ERROR_STOP=1 -c "{sql}"'
        )
        for node in NODES:
            name = f"{self.project}-{node}-1"
            done = run(["docker", "exec", name, "sh", "-c", script], check=False)
            if done.returncode == 0:
                return done.stdout.strip()
        return ""

    def get(self, name: str, path: str, *, login: bool = True) -> str:
        """Ask a service through the gateway by HTTPS, trusting the local CA alone."""
        word = (self.directory / "secrets/gateway_users.txt.clear").read_text()
        pair = base64.b64encode(f"admin:{word}".encode()).decode()
        known = f"Authorization: Basic {pair}\r\n" * login
        context = ssl.create_default_context(cafile=self.directory / "secrets/certs/rootCA.pem")
        host = f"{name}.{DOMAIN}"
        with (
            socket.create_connection(("127.0.0.1", self.https), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            secure.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n{known}\r\n".encode())
            received = b"".join(iter(lambda: secure.recv(65536), b""))
        return received.decode()


def require_standins() -> list[str]:
    """Build the stand-ins of the core stack's images where they are not there, or skip.

    Returns their names.
    """
    require_engine()
    if os.geteuid() != 0 and not _images_are_there():
        pytest.skip("needs root to build the stand-in images")
    run([sys.executable, str(ROOT / "scripts/offline_images.py")])
    return _standins()


@contextmanager
def on_disk() -> Iterator[Path]:
    """A directory that is on a disk also where temporary files are in memory.

    What a container writes into memory counts against its limit.
    """
    disk = "/var/tmp"
    with tempfile.TemporaryDirectory(
        prefix="bootready-", dir=disk, ignore_cleanup_errors=True
    ) as directory:
        yield Path(directory)


@contextmanager
def prepared_stack() -> Iterator[Stack]:
    """Copy the tracked files to a path with a space, and prepare what git does not hold."""
    require_standins()
    with on_disk() as parent:
        yield from _prepared(parent / "core stack")


def _prepared(directory: Path) -> Iterator[Stack]:
    shutil.copytree(ROOT / "infra", directory / "infra")
    shutil.copy(ROOT / "docker-compose.yml", directory)
    ports = free_ports(4)
    project = f"bootready-proof-{secrets.token_hex(3)}"
    _write_env(directory, project, ports)
    _write_secrets(directory / "secrets")
    issue(directory / "secrets")
    make_directories(directory / "data")
    made = Stack(directory, project, ports[1])
    try:
        yield made
    finally:
        program = require_compose(5)
        run([*program.command, "down", "-v", "-t", "0"], cwd=directory, check=False)


def make_directories(data: Path) -> None:
    """Make the directories of the data, owned by the user of the services."""
    for name in DIRECTORIES:
        path = data / name
        path.mkdir(parents=True)
        path.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(path, 1000, 1000)


def sink_name(stack: Stack) -> str:
    """Return the name of the container that takes the mail and the calls of the alerts."""
    return f"{stack.project}-sink"


def leader_of(stack: Stack) -> str:
    """Return the PostgreSQL node that leads, '' while none does."""
    for node in NODES:
        name = f"{stack.project}-{node}-1"
        url = "http://localhost:8008/primary"
        done = run(["docker", "exec", name, "curl", "-fsS", "-o", "/dev/null", url], check=False)
        if done.returncode == 0:
            return node
    return ""


def _images_are_there() -> bool:
    return run(["docker", "image", "inspect", *_standins()], check=False).returncode == 0


def _standins() -> list[str]:
    listed = run([sys.executable, str(ROOT / "scripts/offline_images.py"), "--list"]).stdout
    return [line.partition("=")[2] for line in listed.split()]


def free_ports(count: int) -> list[int]:
    """Return ports of this machine on which nobody listens just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def _write_env(directory: Path, project: str, ports: list[int]) -> None:
    names = ("HTTP_PORT", "HTTPS_PORT", "POSTGRES_WRITER_PORT", "POSTGRES_READER_PORT")
    given = {name: str(port) for name, port in zip(names, ports, strict=True)}
    given |= {"DEFAULT_URL": DOMAIN}
    listed = run([sys.executable, str(ROOT / "scripts/offline_images.py"), "--list"]).stdout
    given |= dict(line.split("=", 1) for line in listed.split())
    lines = [f"COMPOSE_PROJECT_NAME={project}"]
    for line in (ROOT / ".env.example").read_text().splitlines():
        name = line.partition("=")[0]
        lines.append(f"{name}={given[name]}" if name in given else line)
    (directory / ".env").write_text("\n".join(lines) + "\n")


def _write_secrets(directory: Path) -> None:
    names = (
        *("patroni_superuser", "patroni_replication", "patroni_api"),
        *("postgres_exporter", "valkey", "smtp"),
    )
    values = {f"{name}_password": secrets.token_urlsafe(24) for name in names}
    word = values["gateway_users.txt.clear"] = secrets.token_urlsafe(24)
    hashed = run(["openssl", "passwd", "-apr1", "-stdin"], given=f"{word}\n").stdout.strip()
    values["gateway_users"] = f"admin:{hashed}"
    values["slack_webhook"] = f"https://hooks.slack.invalid/{secrets.token_hex(8)}"
    directory.mkdir()
    for name, value in values.items():
        path = directory / (name if "." in name else f"{name}.txt")
        path.write_text(value)
        path.chmod(0o640)
        if os.geteuid() == 0:
            os.chown(path, 0, 1000)


def issue(secrets: Path, nodes: tuple[str, ...] = (*ETCD, *NODES)) -> None:
    """Write the certificates of the gateway and of `nodes`; a CA that is there is kept."""
    _issue(secrets / "certs", secrets, f"DNS:{DOMAIN},DNS:*.{DOMAIN}", "serverAuth")
    reached = f"DNS:localhost,IP:127.0.0.1,DNS:haproxy,DNS:{DOMAIN},DNS:*.{DOMAIN}"
    for name in nodes:
        more = reached if name in NODES else "DNS:localhost,IP:127.0.0.1"
        key = _issue(secrets / "tls" / name, secrets, f"DNS:{name},{more}", "serverAuth,clientAuth")
        if os.geteuid() == 0 and name in ETCD:
            os.chown(key, 1000, 1000)


def _issue(directory: Path, secrets: Path, names: str, usage: str) -> Path:
    """Write `rootCA.pem`, `cert.pem` and `key.pem`, and return the path of the key."""
    directory.mkdir(parents=True, exist_ok=True)
    curve = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]  # as `prepare` makes them
    request = ["openssl", "req", "-newkey", *curve, "-nodes", "-keyout"]
    authority = secrets / "authority"
    if not authority.exists():
        authority.mkdir(mode=0o700)
        root = ["-x509", "-days", "2", "-subj", "/CN=proof CA", "-out", "rootCA.pem"]
        constraint = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        run([*request, "ca.key", *root, *constraint], cwd=authority)
    common = names.removeprefix("DNS:").partition(",")[0]
    run([*request, "new.pem", "-subj", f"/CN={common}", "-out", "leaf.csr"], cwd=directory)
    (directory / "leaf.cnf").write_text(f"subjectAltName={names}\nextendedKeyUsage={usage}\n")
    sign = ["openssl", "x509", "-req", "-in", "leaf.csr", "-CA", str(authority / "rootCA.pem")]
    sign += ["-CAkey", str(authority / "ca.key"), "-CAcreateserial", "-days", "2"]
    run([*sign, "-extfile", "leaf.cnf", "-out", "cert.pem"], cwd=directory)
    shutil.copy(authority / "rootCA.pem", directory)
    return (directory / "new.pem").replace(directory / "key.pem")


def until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait until `condition` holds; fail when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:.0f} s"
        time.sleep(0.5)


def run(
    command: list[str],
    *,
    cwd: Path | None = None,
    check: bool = True,
    seconds: int = 600,
    given: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program and return what it said; it may take `seconds`, and reads `given`."""
    return subprocess.run(
        command,
        cwd=cwd,
        check=check,
        capture_output=True,
        text=True,
        timeout=seconds,
        input=given,
    )
