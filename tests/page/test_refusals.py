"""What no browser of the person asks: refused on the wire, whatever it is, and without a trace."""

from __future__ import annotations

import http.client
import re
import socket
import time
from urllib.parse import urlsplit

import pytest

from bootready.page.channel import Channel, Page
from bootready.page.server import serving

SECRET = "tulip-rose-91-lily"
PAGE = Page(f"<!doctype html><title>{SECRET}</title>", "default-src 'none'")


@pytest.fixture(scope="module")
def address():
    channel = Channel()
    channel.put(said=SECRET)
    with serving(channel, lambda: PAGE) as found:
        yield found


def told(address: str, request: bytes) -> tuple[int, bytes]:
    """Send bytes; return the status of the answer and all of it, 0 where the server hangs up."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        answer = b""
        try:
            connection.sendall(request)
            while not _is_whole(answer) and (part := connection.recv(65536)):
                answer += part
        except ConnectionError:  # it hung up before everything was sent
            pass
    return (int(answer[9:12]) if answer else 0), answer


def _is_whole(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return length is not None and len(body) >= int(length[1])


def lines(*words: str) -> bytes:
    return "\r\n".join([*words, "", ""]).encode()


def test_what_is_no_request_of_a_browser_of_ours_gets_nothing(address):
    parts = urlsplit(address)
    host, path = f"Host: {parts.netloc}", parts.path
    requests = {
        "another name in the line": lines(f"GET http://evil.example{path} HTTP/1.1", "Host: evil"),
        "two hosts": lines(f"GET {path} HTTP/1.1", host, "Host: evil.example"),
        "no host": lines(f"GET {path} HTTP/1.1"),
        "rebinding": lines(f"GET {path} HTTP/1.1", f"Host: evil.example:{parts.port}"),
        "no token": lines("GET / HTTP/1.1", host),
        "part of the token": lines(f"GET {path[:-4]}/ HTTP/1.1", host),
        "the token and more": lines(f"GET {path[:-1]}x/ HTTP/1.1", host),
        "the token in other letters": lines(f"GET {path.swapcase()} HTTP/1.1", host),
        "above it": lines(f"GET {path}../../etc/passwd HTTP/1.1", host),
        "above it, hidden": lines(f"GET {path}%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1", host),
        "another project": lines(f"GET {path}7/ HTTP/1.1", host),
        "no number": lines(f"GET {path}-1/events HTTP/1.1", host),
        "no text": b"GET " + path.encode() + b"\xff\xfe/ HTTP/1.1\r\n" + lines(host),
        "a socket": lines(
            *(f"GET {path}events HTTP/1.1", host, "Upgrade: websocket", "Connection: Upgrade"),
            *("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13"),
            "Origin: http://evil.example",
        ),
        "a stream of another site": lines(
            f"GET {path}events HTTP/1.1",
            host,
            "Accept: text/event-stream",
            "Sec-Fetch-Site: none",
            "Origin: http://evil.example",
        ),
        "a question beforehand": lines(
            f"OPTIONS {path} HTTP/1.1",
            host,
            "Origin: http://evil.example",
            "Access-Control-Request-Private-Network: true",
            "Access-Control-Request-Method: GET",
        ),
        "a form": lines(f"POST {path} HTTP/1.1", host, "Content-Length: 0"),
        "an echo": lines(f"TRACE {path} HTTP/1.1", host),
        "a tunnel": lines("CONNECT evil.example:443 HTTP/1.1", host),
        "much": lines(f"GET {path} HTTP/1.1", host, f"X: {'a' * 1_000_000}"),
        "many": lines(f"GET {path} HTTP/1.1", host, *(f"X{n}: a" for n in range(50_000))),
        "a long name": lines(f"GET /{'a' * 1_000_000}/ HTTP/1.1", host),
        "another language": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
        + b"\0" * 64
        + b"\r\n\r\n",
    }
    for name, request in requests.items():
        status, answer = told(address, request)
        # Where a server hangs up on what is still being sent, its answer may be lost.
        lost = {0} if len(request) > 100_000 else set()
        assert status in lost | {400, 403, 404, 405, 431}, (name, answer[:200])
        assert SECRET.encode() not in answer, name
        assert b"Access-Control" not in answer.title(), name
        assert path.encode() not in answer, name


def test_every_answer_forbids_what_a_page_could_do_with_it(address):
    parts = urlsplit(address)
    for path in (parts.path, f"{parts.path}events/..", "/", f"{parts.path}9/"):
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request("HEAD", path)
        answer = connection.getresponse()
        assert answer.getheader("Referrer-Policy") == "no-referrer", path
        assert answer.getheader("Cache-Control") == "no-store"
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
        assert "default-src 'none'" in (answer.getheader("Content-Security-Policy") or "")
        assert answer.getheader("Server") is None
        assert answer.getheader("Location") is None
        connection.close()


def test_hundreds_of_connections_keep_nobody_from_looking_once_they_are_gone(capfd, caplog):
    """Of those that are too many each is told so; nothing is written, the token least of all."""
    channel = Channel()
    with serving(channel, lambda: PAGE) as address:
        parts = urlsplit(address)
        asked = lines(f"GET {parts.path}events HTTP/1.1", f"Host: {parts.netloc}")
        taken = []
        for number in range(300):
            one = socket.create_connection((parts.hostname, parts.port), timeout=30)
            if number % 2:
                one.sendall(asked)
            taken.append(one)
        for number in range(1_000):
            channel.put(said=str(number))  # returns, whoever is connected
        for one in taken:
            one.close()
        deadline, status = time.monotonic() + 30, 503
        while status == 503 and time.monotonic() < deadline:  # until it has seen that they are gone
            connection = http.client.HTTPConnection(parts.netloc, timeout=30)
            connection.request("GET", f"{parts.path}events")
            status = connection.getresponse().status
            connection.close()
        assert status == 200
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""
