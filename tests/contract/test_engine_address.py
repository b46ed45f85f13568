"""A wrong environment or an engine that hangs is a clear message in every command, not exit 3."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import ssl
import subprocess
import threading
from collections import Counter

import pytest

from bootready.engine.address import find_address
from bootready.engine.api import PING, SILENCE, Api
from bootready.errors import EngineError
from command_lines import command_lines, start

PROJECT = """\
services: {web: {image: "busybox:${TAG:-1}", secrets: [token]}}
secrets: {token: {file: ./kept/token}}
"""
HOSTS = (  # of the kinds that ended in a traceback, and some beside them
    "tcp://[::1", "tcp://h:abc", "tcp://h:99999999", "tcp://a b", "tcp://a\nb:1", "tcp://",
         "tcp://a..b:1", "nonsense", "ssh://h", "unix://", "unix:///" + "x" * 200)  # fmt: skip


@pytest.fixture
def project(tmp_path):
    (tmp_path / "compose.yaml").write_text(PROJECT, encoding="utf-8")
    return tmp_path


@pytest.fixture(params=["silent", "answers pings"])
def hanging(request, tmp_path):
    """An engine that accepts and never answers, or pings only; yields how often each process asked
    for the same thing. Pings that are answered do not count.
    """
    pings = request.param == "answers pings"
    path = str(tmp_path / "hanging.sock")
    asked: Counter[tuple[int, bytes]] = Counter()
    kept = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(200)

        def accept():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                kept.append(connection)
                target = connection.recv(4096).partition(b" HTTP/")[0]
                if pings and target == b"GET /_ping":
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
                    continue
                peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
                asked[int.from_bytes(peer[:4], "little"), target] += 1

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield path, asked
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
    for connection in kept:
        connection.close()


@pytest.mark.slow
def test_an_engine_that_hangs_is_asked_once_and_waited_for_once(project, hanging):
    """All commands at the same time: each of them only waits, and none longer than SILENCE."""
    path, asked = hanging
    assert PING < SILENCE < 15
    environ = {"DOCKER_HOST": f"unix://{path}", "BOOTREADY_COMPOSE": "/bin/true"}
    running = [(line, start(line, project, environ)) for line in command_lines()]
    for line, process in running:
        with process:
            stdout, stderr = process.communicate(timeout=120)
        assert process.returncode in {0, 1, 2}, (line, stderr)
        assert b"Traceback" not in stderr, line
        assert {asked[one] for one in asked if one[0] == process.pid} <= {1}, line
        # These ask all that they ask before they wait for anything (test_asked_ahead.py).
        if not {"check", "report"} & {*line}:
            assert sum(one[0] == process.pid for one in asked) <= 1, line
        if line[0] in {"status", "diagnose"}:
            assert b"did not answer" in stdout + stderr, line


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_none_is_said(project, host):
    """Every command goes through the same door, so a few stand for all."""
    environ = {"DOCKER_HOST": host, "BOOTREADY_COMPOSE": "/bin/true"}
    running = [start([one], project, environ) for one in ("check", "status")]
    for process in running:
        with process:
            stdout, stderr = process.communicate(timeout=120)
        assert process.returncode in {1, 2}, stderr
        assert b"Traceback" not in stderr
        assert b"engine" in stdout + stderr


@pytest.mark.parametrize(
    "broken",
    [
        {"DOCKER_TLS_VERIFY": "1", "DOCKER_HOST": "tcp://127.0.0.1:1"},
        {"DOCKER_TLS": "1", "DOCKER_HOST": "tcp://127.0.0.1:1", "DOCKER_CERT_PATH": "\udcff\n"},
        {"DOCKER_CONTEXT": "\udcffx"},
        {"DOCKER_CONTEXT": "deep"},
        {"DOCKER_CONFIG": "pipe"},
    ],
)
def test_what_asks_the_engine_survives_a_broken_client(project, broken):
    """TLS files that are missing, a context that nobody defined, a store that is damaged."""
    (project / "pipe").mkdir()
    os.mkfifo(project / "pipe" / "config.json")
    meta = project / ".docker" / "contexts" / "meta" / hashlib.sha256(b"deep").hexdigest()
    meta.mkdir(parents=True)
    (meta / "meta.json").write_text("[" * 200_000, encoding="utf-8")
    given = {"DOCKER_CONFIG": str(project / ".docker"), "BOOTREADY_COMPOSE": "/bin/true", **broken}
    for line in (
        ["check"],
        ["prepare"],
        ["up"],
        ["up", "--no-check"],
        ["status"],
        ["bundle", "--list"],
    ):
        with start(line, project, given) as process:
            _, stderr = process.communicate(timeout=120)
        assert process.returncode in {0, 1, 2}, (line, stderr)
        assert b"Traceback" not in stderr, line


def context_of(directory, port, authority):
    """Store a docker context `far` as the client does; return the environment that names it."""
    digest = hashlib.sha256(b"far").hexdigest()
    meta = directory / "contexts" / "meta" / digest
    tls = directory / "contexts" / "tls" / digest / "docker"
    meta.mkdir(parents=True)
    tls.mkdir(parents=True)
    endpoint = {"Host": f"tcp://127.0.0.1:{port}", "SkipTLSVerify": False}
    text = json.dumps({"Name": "far", "Endpoints": {"docker": endpoint}})
    (meta / "meta.json").write_text(text, encoding="utf-8")
    (tls / "ca.pem").write_bytes(authority)
    return {"DOCKER_CONFIG": str(directory), "DOCKER_CONTEXT": "far"}


def certificate(directory, name):
    """Make a self-signed certificate for 127.0.0.1; return the paths of it and its key."""
    pair = directory / f"{name}.pem", directory / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=engine", "-addext", "subjectAltName=IP:127.0.0.1",
         "-out", pair[0], "-keyout", pair[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return pair


def serve_tls(pair):
    """Answer one request over TLS on a port of the loopback; return the port and the bytes read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    listener = socket.create_server(("127.0.0.1", 0))
    first: list[bytes] = []

    def serve():
        with listener:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(30)
                first.append(connection.recv(1, socket.MSG_PEEK))
                try:
                    with context.wrap_socket(connection, server_side=True) as secured:
                        secured.recv(1000)
                        secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
                except OSError:
                    return  # refused by the other side, which is what a test wants to see

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return listener.getsockname()[1], first, thread


@pytest.mark.parametrize("right", [True, False])
def test_a_context_with_tls_is_spoken_to_with_tls_only(tmp_path, right):
    """The first byte of a handshake is 22; another authority than its own is refused."""
    ours, other = certificate(tmp_path, "ours"), certificate(tmp_path, "other")
    port, first, thread = serve_tls(ours)
    environ = context_of(tmp_path / "docker", port, (ours if right else other)[0].read_bytes())
    api = Api(find_address(environ))
    if right:
        api.ping()
    else:
        with pytest.raises(EngineError, match="certificate"):
            api.ping()
    thread.join(30)
    assert first == [b"\x16"]
