"""Answers of an engine, good and broken, read from a socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from bootready.engine.address import Address
from bootready.engine.api import Api
from bootready.errors import EngineError


@contextmanager
def engine(directory, answer: bytes) -> Iterator[tuple[Api, list[bytes]]]:
    """Serve one request at a socket with `answer`; yield the API and what was asked."""
    path = str(directory / "engine.sock")
    asked: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen(1)

        def serve() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):  # it may have left
                asked.append(connection.recv(65536))
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Api(Address("unix://engine", path=path), 5.0), asked
        thread.join(10)


def answer(head: str, body: str = "") -> bytes:
    return f"HTTP/1.1 {head}\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (answer("200 OK", '{"a": 1}'), {"a": 1}),
        (answer("200 OK\r\nContent-Length: 8", '{"a": 1}'), {"a": 1}),
        (answer("200 OK\r\nContent-Length: 2", "[] and more"), []),
        (answer("204 No Content"), None),
        (b'HTTP/1.0 200 OK\n\n{"a": 1}', {"a": 1}),
        (answer("200", "OK"), "OK"),
        (answer("200 OK\r\nTransfer-Encoding: chunked", "1;x=y\r\n[\r\n1\r\n]\r\n0\r\n\r\n"), []),
    ],
)
def test_an_answer_is_read_to_its_end(sent, read, tmp_path):
    with engine(tmp_path, sent) as (api, _):
        assert api.get("/info") == read


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "it closed the connection"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no answer in HTTP"),
        (b"HTTP/1.1 OK\r\n\r\n", "no answer in HTTP"),
        (answer("200 OK\r\nContent-Length: 9", "[]"), "ends 7 bytes before its end"),
        (answer("200 OK\r\nTransfer-Encoding: gzip", "2\r\n[]\r\n0\r\n\r\n"), "an encoding"),
        (answer("200 OK\r\nTransfer-Encoding: chunked", "two\r\n[]\r\n"), "a chunk without"),
        (answer("200 OK\r\nTransfer-Encoding: chunked", "9\r\n[]"), "ends 7 bytes before"),
        (answer("200 OK\r\nTransfer-Encoding: chunked", "2\r\n[]\r\n"), "a chunk without"),
        (answer("200 OK\r\nA: " + "b" * 70_000), "a header of more than"),
        (answer("500 Oops", '{"message": "no space left"}'), "no space left"),
        (answer("500 Oops", "in plain words"), "in plain words"),
    ],
)
def test_a_broken_answer_is_an_error_with_a_reason(sent, words, tmp_path):
    with engine(tmp_path, sent) as (api, _), pytest.raises(EngineError, match=words):
        api.get("/info")


def test_headers_without_end_are_refused(tmp_path):
    many = "\r\nX: b" * 200
    with (
        engine(tmp_path, answer("200 OK" + many)) as (api, _),
        pytest.raises(EngineError, match="more than 100 headers"),
    ):
        api.get("/info")


def test_what_is_asked_is_one_request(tmp_path):
    with engine(tmp_path, answer("200 OK", "[]")) as (api, asked):
        api.post("/containers/create", {"Image": "a"}, name="a b\r\nX: y")
    (request,) = asked
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.splitlines() == [
        b"POST /containers/create?name=a+b%0D%0AX%3A+y HTTP/1.0",
        b"Host: localhost",
        b"Content-Type: application/json",
        b"Content-Length: 14",
    ]
    assert body == b'{"Image": "a"}'


def test_a_path_with_a_line_break_is_not_asked(tmp_path):
    with (
        engine(tmp_path, b"") as (api, asked),
        pytest.raises(EngineError, match="not a path that can be asked for"),
    ):
        api.get("/info\r\nX: y")
    assert asked in ([], [b""])
