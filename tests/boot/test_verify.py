"""Endpoints that answer, hang up or say something else."""

import base64
import json
import socket
import threading

import pytest

from bootready.boot.verify.probes import ask_tcp, ask_url, matches, values_at
from bootready.engine.address import parse_address
from bootready.engine.api import demultiplex
from bootready.engine.container import parse_container
from bootready.errors import EngineError


def server(behave):
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        with connection, listener:
            behave(connection)

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def test_a_proxy_that_hangs_up_is_no_answer():
    answered, detail = ask_tcp("127.0.0.1", server(lambda connection: None))
    assert not answered
    assert "closes the connection" in detail


def test_a_server_that_greets_answers():
    assert ask_tcp("127.0.0.1", server(lambda connection: connection.sendall(b"hello")))[0]


def test_a_server_that_waits_answers():
    assert ask_tcp("127.0.0.1", server(lambda connection: connection.recv(1)))[0]


def test_paths_reach_into_lists():
    body = {"data": {"targets": [{"health": "up"}, {"health": "down"}]}}
    assert values_at(body, "data.targets[*].health") == ["up", "down"]
    assert values_at(body, "data.targets[1].health") == ["down"]
    assert values_at(body, "data.nothing[*]") == []


def target(job, instance, error=None, health="up"):
    """Return a target as Prometheus' /api/v1/targets lists it, as far as it is read."""
    return {
        "labels": {"job": job, "instance": instance},
        "scrapePool": job,
        "lastError": error or "",
        "health": health,
    }


def ask_health(targets):
    """Ask a Prometheus with these targets whether all of them are up."""

    def behave(connection):
        connection.recv(4096)
        body = json.dumps({"status": "success", "data": {"activeTargets": targets}}).encode()
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    port = server(behave)
    wish = {"json": {"data.activeTargets[*].health": "up"}}
    return ask_url("", [published(port)], f"http://prometheus.test:{port}/api/v1/targets", wish)


DOWN = 'Get "http://haproxy:8405/patroni2": context deadline exceeded'


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            target("patroni", "patroni2:8008", DOWN, "down"),
            f"one is 'down': patroni at patroni2:8008: {DOWN}",
        ),
        (
            target("etcd", "etcd1:2379", health="unknown"),
            "one is 'unknown': etcd at etcd1:2379: not scraped yet",
        ),
        ({"health": "down"}, "one is 'down'"),
        ({"health": "down", "labels": {"job": "etcd"}, "lastError": "refused"}, "one is 'down'"),
    ],
)
def test_a_target_that_is_down_is_named_with_its_last_error(wrong, said):
    answered, detail = ask_health([target("node", "node-exporter:9100"), wrong])
    assert not answered
    assert detail == f"data.activeTargets[*].health: 1 of 2 are 'up', {said}"


def test_a_password_in_the_last_error_of_a_target_is_not_shown():
    password = "Vq7tR2mXw9Lk"
    error = f'Get "http://scraper:{password}@exporter:9100/metrics": connection refused'
    detail = ask_health([target("node", "exporter:9100", error, "down")])[1]
    assert "connection refused" in detail
    assert password not in detail


def test_targets_that_are_all_up_are_counted():
    said = ask_health([target("node", "a:9100"), target("node", "b:9100")])
    assert said == (True, "data.activeTargets[*].health: 2 of 2 up")


def test_logs_are_demultiplexed():
    raw = b"\1\0\0\0\0\0\0\3one" + b"\2\0\0\0\0\0\0\3two"
    assert demultiplex(raw) == b"onetwo"
    assert demultiplex(b"plain text of a TTY") == b"plain text of a TTY"


def test_addresses_are_read():
    assert parse_address("unix:///run/docker.sock").path == "/run/docker.sock"
    assert parse_address("tcp://host:2375").port == 2375
    assert parse_address("ssh://me@host").is_elsewhere
    with pytest.raises(EngineError, match="not 'fd'"):
        parse_address("fd://")


def published(port, address="0.0.0.0"):
    """Return a running container that publishes `port`."""
    said = {
        "Id": "1",
        "State": {"Status": "running"},
        "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": address, "HostPort": str(port)}]}},
    }
    return parse_container(said)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/latest/meta-data",
        "http://localhost:{port}",
        "http://[::1]:{port}/",
        "http://user@127.0.0.1:{port}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
    ],
)
def test_a_port_that_the_project_does_not_publish_is_never_connected_to(url):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        wish = url.format(port=port)
        answered, detail = ask_url("", [published(port + 1)], wish, {})
        assert not answered
        assert "not checked" in detail or "not a valid HTTP" in detail
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_name_is_asked_for_where_the_port_is_published_and_nowhere_else():
    """The name is not resolved: it goes into the request only. A redirect is not followed."""
    seen = []

    def behave(connection):
        seen.append(connection.recv(1000))
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n")

    port = server(behave)
    url = f"http://metadata.invalid:{port}/x"
    answered, detail = ask_url("", [published(port)], url, {"status": 302})
    assert (answered, detail) == (True, "status 302")
    assert f"Host: metadata.invalid:{port}".encode() in seen[0]


PASSWORD = "with:colon"


def ask_with_login(directory, port, file="word.txt"):
    (directory / "word.txt").write_text(f"{PASSWORD}\n")
    wish = {"user": "admin", "password_file": file}
    return ask_url(str(directory), [published(port)], f"http://web.test:{port}/", wish)


def test_a_login_is_sent_and_its_password_not_shown(tmp_path):
    received = []

    def behave(connection):
        received.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")

    answered, detail = ask_with_login(tmp_path, server(behave))
    assert answered
    assert detail == "status 200, login 'admin', password in word.txt"
    pair = base64.b64encode(f"admin:{PASSWORD}".encode())
    assert b"Authorization: Basic " + pair in received[0]


def test_a_refused_login_names_the_file(tmp_path):
    def behave(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.0 401 No\r\nContent-Length: 0\r\n\r\n")

    detail = ask_with_login(tmp_path, server(behave))[1]
    assert detail == "status 401, not 200: the password in 'word.txt' is rejected"


@pytest.mark.parametrize(("status", "passes"), [(401, True), (200, False), (403, False)])
def test_a_login_made_by_hand_is_asked_for_and_nothing_else_is_known(tmp_path, status, passes):
    """A person who wrote the hash has no `.clear` file beside it, and need not write one."""
    received = []

    def behave(connection):
        received.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.0 %d Words\r\nContent-Length: 0\r\n\r\n" % status)

    answered, detail = ask_with_login(tmp_path, server(behave), "users.txt.clear")
    assert answered == passes
    assert "without a login, as 'users.txt.clear' does not exist" in detail
    assert b"Authorization" not in received[0]


@pytest.mark.parametrize("file", ["/etc/hostname", "../other.txt", "link.txt"])
def test_no_file_of_somebody_else_is_sent(tmp_path, file):
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    with pytest.raises(ValueError, match="outside the project"):
        ask_with_login(tmp_path, 9, file)


def test_a_pattern_of_the_project_that_does_not_end_matches_nothing():
    """`(a+)+b` takes longer than anybody waits; the process that tries is ended."""
    assert matches(r"^1$", "0\n1\n")
    assert not matches(r"^2$", "0\n1\n")
    assert not matches(r"(", "(")
    assert not matches(r"(a+)+b", "a" * 60, seconds=1.0)
