"""A request to the engine -> its answer, read from the socket as it comes.

As much of HTTP as the engine's API needs, in version 1.0: an answer is then never chunked and ends
with its connection (RFC 1945, section 7.2.2). `http.client` brings 45 modules with it, which is a
quarter of what a check of a small project costs. Only where a connection is dear, over ssh, is it
version 1.1, and the connection asked again (RFC 9112, sections 7.1 and 9.3).
"""

from __future__ import annotations

import os

from bootready.typed import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedReader

    from bootready.engine.address import Address
    from bootready.model.node import Plain

_LONGEST_LINE = 65_536
"""Bytes of the first line of an answer, and of each header."""
_MOST_HEADERS = 100
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""Bytes that stand for themselves in a URL (RFC 3986, section 2.3)."""
_LONGEST_PATH = 100
"""Bytes that the path of a socket surely may have (sun_path, unix(7))."""


class HttpError(Exception):
    """What came is no answer in HTTP, or ends before its end."""


class Connection(Protocol):
    """What is needed of a socket to ask and to be answered."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of `data`."""

    def makefile(self, mode: Literal["rb"], /) -> BufferedReader:
        """Return what comes as a file of bytes."""

    def settimeout(self, seconds: float | None, /) -> None:
        """Let each step take so long; None for ever."""

    def shutdown(self, how: int, /) -> None:
        """End it, also for a thread that waits in it."""

    def close(self) -> None:
        """Let go of it."""


class Request(NamedTuple):
    """What is asked: `target` is a path with its query, quoted; `body` is JSON, or None."""

    method: str
    target: str
    body: bytes | None = None
    stays: bool = False
    """Whether the connection is to be asked again."""


class Answer:
    """The answer to one request: its status, and its body as it comes."""

    def __init__(self, connection: Connection) -> None:
        """Read status and headers. Raises HttpError, OSError (a TimeoutError is one)."""
        self._file = connection.makefile("rb")
        self.status = _status(self._line())
        headers = self._headers()
        self._chunked = headers.get(b"transfer-encoding") == b"chunked"
        bodiless = self.status in {204, 304} and not self._chunked
        self._left = 0 if self._chunked or bodiless else _length(headers)
        self._stays = headers.get(b"connection") != b"close"
        self._ended = bodiless

    @property
    def is_over(self) -> bool:
        """Whether it was read to its end, and the connection may be asked again."""
        return self._stays and (self._ended or (not self._chunked and self._left == 0))

    def read1(self, size: int) -> bytes:
        """Return the next bytes of the body, at most `size`, b'' at its end."""
        if self._chunked and not self._left and not self._ended:
            self._left = self._next_chunk()
        read = self._file.read1(size if self._left is None else min(size, self._left))
        if self._left is not None:
            if not read and self._left:
                raise HttpError(f"the answer ends {self._left} bytes before its end")
            self._left -= len(read)
            if self._chunked and read and not self._left:
                self._line()  # the line break after a chunk
        return read

    def _next_chunk(self) -> int:
        """Return the length of the next chunk; 0 at the end, with what follows it read."""
        length = self._line().partition(b";")[0].strip()
        if not length or len(length) > 8 or length.strip(b"0123456789abcdefABCDEF"):
            raise HttpError("a chunk without a length")
        if found := int(length, 16):
            return found
        while self._line().strip():
            pass
        self._ended = True
        return 0

    def readline(self) -> bytes:
        """Return the next line of a body that has no length, such as a stream of events."""
        return self._file.readline()

    def close(self) -> None:
        """Let go of the connection, which closes with it."""
        self._file.close()

    def _line(self) -> bytes:
        line = self._file.readline(_LONGEST_LINE + 1)
        if len(line) > _LONGEST_LINE:
            raise HttpError(f"a header of more than {_LONGEST_LINE} bytes")
        return line

    def _headers(self) -> dict[bytes, bytes]:
        headers: dict[bytes, bytes] = {}
        for _count in range(_MOST_HEADERS):
            line = self._line().strip()
            if not line:
                break
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip().lower()
        else:
            raise HttpError(f"more than {_MOST_HEADERS} headers")
        if headers.get(b"transfer-encoding", b"identity") not in {b"identity", b"chunked"}:
            raise HttpError("an encoding that was not asked for")
        return headers


def quoted(text: str) -> str:
    """Return `text` as a part of a path or query; what is no text has its bytes.

    As `urllib.parse.quote` does, which takes as long to import as twenty questions take.
    """
    raw = text.encode(errors="surrogateescape")
    return "".join([chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in raw])


def request_of(
    method: str, path: str, query: Mapping[str, Plain], body: Plain, *, stays: bool = False
) -> Request:
    """Return the request for `path`, which is quoted, with `query` and JSON of `body`."""
    target = f"{path}?{_joined(query)}" if query else path
    payload = _written(body).encode() if body is not None else None
    return Request(method, target, payload, stays)


def _joined(query: Mapping[str, Plain]) -> str:
    """Return a query as a URL has it; what is no text is JSON."""
    texts = {
        name: value if isinstance(value, str) else _written(value) for name, value in query.items()
    }
    pairs = (f"{quoted(name)}={quoted(value)}" for name, value in texts.items())
    return "&".join(pairs).replace("%20", "+")


def _written(value: Plain) -> str:
    if value is True:
        return "true"
    import json

    return json.dumps(value)


def open_connection(address: Address, timeout: float | None) -> Connection:
    """Return a connection to where the engine listens. Raises OSError, UnicodeError.

    `timeout` in seconds, for this and for each later step that waits; None waits forever.
    """
    if address.is_dialled:
        from bootready.engine.dial import dial

        return dial(address, timeout)
    if len(address.path) < _LONGEST_PATH:
        _look_for(address.path)
    if address.path:
        from bootready.engine.local_socket import HAS_PATHS, LocalSocket

        if not HAS_PATHS:
            raise OSError("Python knows no such sockets on this system")
        return LocalSocket(address.path, timeout)
    import socket

    connection = socket.create_connection((address.host, address.port), timeout)
    if not address.security:
        return connection
    from bootready.engine.address import tls_context

    try:
        return tls_context(address.security).wrap_socket(connection, server_hostname=address.host)
    except BaseException:
        connection.close()
        raise


def _look_for(path: str) -> None:
    """Raise OSError where there is no socket at `path`, before what talks to one is imported."""
    if path and "\0" not in path:
        os.stat(path)


def ask(connection: Connection, host: str, request: Request) -> Answer:
    """Send `request` and return the answer, its body unread. Raises HttpError, OSError."""
    send(connection, host, request)
    return Answer(connection)


def send(connection: Connection, host: str, request: Request) -> None:
    """Send `request`. Raises HttpError for what cannot be asked, OSError."""
    if not request.target.isascii() or not request.target.isprintable() or " " in request.target:
        raise HttpError("not a path that can be asked for")
    version = "1.1" if request.stays else "1.0"
    lines = [f"{request.method} {request.target} HTTP/{version}", f"Host: {host or 'localhost'}"]
    if request.body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(request.body)}"]
    elif request.method == "POST":
        lines.append("Content-Length: 0")
    head = "\r\n".join([*lines, "", ""]).encode()
    connection.sendall(head + (request.body or b""))


def _status(line: bytes) -> int:
    version, _, rest = line.partition(b" ")
    code = rest[:3]
    if not version.startswith(b"HTTP/") or not code.isdigit() or len(code) != 3:
        raise HttpError("no answer in HTTP" if line else "it closed the connection")
    return int(code)


def _length(headers: dict[bytes, bytes]) -> int | None:
    length = headers.get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 20 else None
