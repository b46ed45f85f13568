"""Endpoints that answer, hang up or say something else."""

import socket
import threading

import pytest

from bootready.boot.probes import ask_tcp, values_at
from bootready.engine.api import demultiplex, parse_address
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
    assert "hangs up" in detail


def test_a_server_that_greets_answers():
    assert ask_tcp("127.0.0.1", server(lambda connection: connection.sendall(b"hello")))[0]


def test_a_server_that_waits_answers():
    assert ask_tcp("127.0.0.1", server(lambda connection: connection.recv(1)))[0]


def test_paths_reach_into_lists():
    body = {"data": {"targets": [{"health": "up"}, {"health": "down"}]}}
    assert values_at(body, "data.targets[*].health") == ["up", "down"]
    assert values_at(body, "data.targets[1].health") == ["down"]
    assert values_at(body, "data.nothing[*]") == []


def test_logs_are_demultiplexed():
    raw = b"\1\0\0\0\0\0\0\3one" + b"\2\0\0\0\0\0\0\3two"
    assert demultiplex(raw) == b"onetwo"
    assert demultiplex(b"plain text of a TTY") == b"plain text of a TTY"


def test_addresses_are_read():
    assert parse_address("unix:///run/docker.sock").path == "/run/docker.sock"
    assert parse_address("tcp://host:2375").port == 2375
    with pytest.raises(EngineError, match="not 'ssh'"):
        parse_address("ssh://host")
