"""A path of the engine's HTTP API -> its answer as plain JSON; events and logs as streams.

Talks to the socket or address that the docker client would: ``DOCKER_HOST``, else the current
context, else the default socket. https://docs.docker.com/reference/api/engine/
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from bootready.errors import EngineError
from bootready.model.node import Plain

if TYPE_CHECKING:
    import ssl

DEFAULT_HOST = "unix:///var/run/docker.sock"

_START_HINT = "start it (sudo systemctl start docker), or set DOCKER_HOST to one that runs"
_GROUP_HINT = "join the group of the socket (sudo usermod -aG docker $USER) and log in again"


class Address(NamedTuple):
    """Where the engine listens: a socket path, or a host and port; `certificates` for TLS."""

    url: str
    path: str = ""
    host: str = ""
    port: int = 0
    certificates: str = ""


class Api:
    """The HTTP API of one engine. Every call makes its own connection, so threads may share it."""

    def __init__(self, address: Address, timeout: float = 30.0) -> None:
        self.address = address
        self.timeout = timeout

    def get(self, path: str, **query: Plain) -> Plain:
        """Return the JSON answer of a GET; raises EngineError, with the engine's own words."""
        return self._json("GET", path, query, None)

    def post(self, path: str, body: Plain = None, **query: Plain) -> Plain:
        """Return the JSON answer of a POST (None where it is empty). Raises EngineError."""
        return self._json("POST", path, query, body)

    def delete(self, path: str) -> None:
        """Send a DELETE. Raises EngineError."""
        self._json("DELETE", path, {}, None)

    def ping(self) -> None:
        """Return if the engine answers; else raise EngineError with the reason and a hint."""
        self._json("GET", "/_ping", {}, None)

    def inspect(self, container: str) -> Plain:
        """Return what the engine knows of a container, by id or name."""
        return self.get(f"/containers/{urllib.parse.quote(container, safe='')}/json")

    def logs(self, container: str, tail: int = 50, until: float = 0.0) -> tuple[str, ...]:
        """Return the last lines that a container wrote to its outputs, oldest first.

        Only those from before `until`, in epoch seconds, where it is not 0.
        """
        path = f"/containers/{container}/logs"
        query: dict[str, Plain] = {"stdout": True, "stderr": True, "tail": tail}
        if until:
            query["until"] = f"{until:.9f}"
        raw = self._bytes("GET", path, query, None)
        # A carriage return inside a line is a part of it: CRLF scripts are known by that.
        lines = demultiplex(raw).decode(errors="replace").split("\n")
        return tuple(line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1]))

    def archive(self, container: str, path: str) -> bytes:
        """Return the tar archive of what lies at `path` in a container, running or not."""
        return self._bytes("GET", f"/containers/{container}/archive", {"path": path}, None)

    def download(self, path: str) -> bytes:
        """Return the raw answer of a GET, such as an archive. Raises EngineError."""
        return self._bytes("GET", path, {}, None)

    def events(self, **filters: list[str]) -> EventStream:
        """Return the stream of the events from now on; it is open when this returns."""
        query: dict[str, Plain] = {"filters": json.dumps(filters)}
        connection = self._connection(None)
        return EventStream(
            connection, lambda: self._request(connection, "GET", "/events", query, None)
        )

    def execute(self, container: str, argv: list[str], timeout: float = 20.0) -> tuple[int, str]:
        """Run `argv` in a container; return its exit code and output. `timeout` in seconds."""
        created = self.post(
            f"/containers/{container}/exec",
            {"Cmd": cast(Plain, list(argv)), "AttachStdout": True, "AttachStderr": True},
        )
        number = text(created, "Id")
        body: Plain = {"Detach": False, "Tty": False}
        raw = self._bytes("POST", f"/exec/{number}/start", {}, body, timeout)
        ended = self.get(f"/exec/{number}/json")
        return integer(ended, "ExitCode"), demultiplex(raw).decode(errors="replace")

    def _json(self, method: str, path: str, query: Mapping[str, Plain], body: Plain) -> Plain:
        raw = self._bytes(method, path, query, body)
        if not raw:
            return None
        try:
            return cast(Plain, json.loads(raw))
        except ValueError:
            return raw.decode(errors="replace")

    def _bytes(
        self,
        method: str,
        path: str,
        query: Mapping[str, Plain],
        body: Plain,
        timeout: float | None = None,
    ) -> bytes:
        connection = self._connection(timeout or self.timeout)
        try:
            return self._request(connection, method, path, query, body).read()
        except (http.client.HTTPException, TimeoutError) as error:
            raise EngineError(f"the engine at {self.address.url} did not answer: {error}") from None
        finally:
            connection.close()

    def _request(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        query: Mapping[str, Plain],
        body: Plain,
    ) -> http.client.HTTPResponse:
        target = f"{path}?{urllib.parse.urlencode(_flat(query))}" if query else path
        payload = json.dumps(body) if body is not None else None
        headers = {"Content-Type": "application/json"} if payload is not None else {}
        try:
            connection.request(method, target, payload, headers)
            response = connection.getresponse()
        except TimeoutError:
            raise
        except OSError as error:
            raise unreachable(self.address, error) from None
        if response.status >= 400:
            message = _refusal(response.read())
            raise EngineError(message, (method, path), exit_code=response.status)
        return response

    def _connection(self, timeout: float | None) -> http.client.HTTPConnection:
        address = self.address
        if address.path:
            return _SocketConnection(address.path, timeout)
        if address.certificates:
            context = _tls(address.certificates)
            return http.client.HTTPSConnection(
                address.host, address.port, timeout=timeout, context=context
            )
        return http.client.HTTPConnection(address.host, address.port, timeout=timeout)


class EventStream:
    """Events of the engine, one by one, until another thread calls `close`."""

    def __init__(
        self,
        connection: http.client.HTTPConnection,
        request: Callable[[], http.client.HTTPResponse],
    ) -> None:
        self._closed = False
        self._connection = connection
        self._response = request()
        self._socket: socket.socket | None = connection.sock

    def __iter__(self) -> Iterator[Plain]:
        """Yield events; ends after `close`. Raises EngineError where the engine hangs up."""
        try:
            while line := self._response.readline():
                yield cast(Plain, json.loads(line))
        except (OSError, ValueError, http.client.HTTPException):
            pass  # what ended the stream is told apart below
        finally:
            self._connection.close()
        if not self._closed:
            raise EngineError("the engine closed its stream of events", hint=_START_HINT)

    def close(self) -> None:
        """End the stream; its reader sees an ordinary end."""
        self._closed = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it ended by itself


def connect(environ: Mapping[str, str], timeout: float = 30.0) -> Api:
    """Return the API of the engine that the docker client would talk to; asks it nothing yet.

    Raises EngineError for an address that we cannot talk to (``ssh://``, Windows pipes).
    """
    return Api(find_address(environ), timeout)


def find_address(environ: Mapping[str, str]) -> Address:
    """Return the address in DOCKER_HOST, of the docker context, or of the default socket."""
    certificates = ""
    if environ.get("DOCKER_TLS_VERIFY"):
        default = os.path.join(_config_directory(environ))
        certificates = environ.get("DOCKER_CERT_PATH", default)
    return parse_address(find_url(environ), certificates)


def find_url(environ: Mapping[str, str]) -> str:
    """Return the URL of the engine that the docker client would talk to, of any kind."""
    return environ.get("DOCKER_HOST") or _context_host(environ) or DEFAULT_HOST


def parse_address(url: str, certificates: str = "") -> Address:
    """Return the parts of ``unix:///path`` or ``tcp://host:port``; EngineError for others."""
    kind, _, rest = url.partition("://")
    if kind == "unix":
        return Address(url, path=rest)
    if kind in {"tcp", "http", "https"}:
        parsed = urllib.parse.urlsplit(f"//{rest}")
        secure = bool(certificates) or kind == "https"
        port = parsed.port or (2376 if secure else 2375)
        return Address(url, host=parsed.hostname or "", port=port, certificates=certificates)
    raise EngineError(
        f"engine '{url}': bootready talks to 'unix' sockets and 'tcp' addresses, not '{kind}'",
        hint="forward the socket (ssh -L /tmp/docker.sock:/var/run/docker.sock HOST) and set "
        "DOCKER_HOST=unix:///tmp/docker.sock",
    )


def unreachable(address: Address, error: OSError) -> EngineError:
    """Return the error that says why the engine at `address` cannot be reached."""
    if isinstance(error, PermissionError):
        return EngineError(f"engine '{address.url}': permission denied", hint=_GROUP_HINT)
    reason = {
        FileNotFoundError: "its socket does not exist",
        ConnectionRefusedError: "nothing listens there",
    }.get(type(error), error.strerror or str(error))
    return EngineError(f"engine '{address.url}': {reason}", hint=_START_HINT)


def demultiplex(raw: bytes) -> bytes:
    """Return the output in `raw`, whose chunks carry an 8-byte header unless it came from a TTY.

    https://docs.docker.com/reference/api/engine/ "Stream format": kind, 3 zeros, length (big
    endian).
    """
    chunks: list[bytes] = []
    position = 0
    while position + 8 <= len(raw):
        if raw[position] > 2 or raw[position + 1 : position + 4] != b"\0\0\0":
            return raw
        length = int.from_bytes(raw[position + 4 : position + 8], "big")
        chunks.append(raw[position + 8 : position + 8 + length])
        position += 8 + length
    return b"".join(chunks) if position else raw


def at(value: Plain, *path: str | int) -> Plain:
    """Return what stands at `path` in a JSON value, None where nothing does."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def text(value: Plain, *path: str | int) -> str:
    """Return the string at `path`, '' where there is none."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def integer(value: Plain, *path: str | int) -> int:
    """Return the number at `path`, 0 where there is none."""
    found = at(value, *path)
    return int(found) if isinstance(found, int | float) else 0


def mapping(value: Plain, *path: str | int) -> dict[str, Plain]:
    """Return the mapping at `path`, an empty one where there is none."""
    found = at(value, *path)
    return found if isinstance(found, dict) else {}


def items(value: Plain, *path: str | int) -> list[Plain]:
    """Return the list at `path`, an empty one where there is none."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str, timeout: float | None) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _flat(query: Mapping[str, Plain]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in query.items():
        if isinstance(value, dict | list):
            flat[name] = json.dumps(value)
        elif isinstance(value, bool):
            flat[name] = "true" if value else "false"
        else:
            flat[name] = str(value)
    return flat


def _refusal(raw: bytes) -> str:
    try:
        message = text(json.loads(raw), "message")
    except ValueError:
        message = ""
    return message or raw.decode(errors="replace").strip()


def _tls(directory: str) -> ssl.SSLContext:
    import ssl  # noqa: PLC0415 - only an engine behind TLS pays for it

    join = os.path.join
    context = ssl.create_default_context(cafile=join(directory, "ca.pem"))
    context.load_cert_chain(join(directory, "cert.pem"), join(directory, "key.pem"))
    return context


def _config_directory(environ: Mapping[str, str]) -> str:
    home = environ.get("HOME", "")
    return environ.get("DOCKER_CONFIG") or os.path.join(home, ".docker")


def _context_host(environ: Mapping[str, str]) -> str:
    directory = _config_directory(environ)
    config = _read_json(os.path.join(directory, "config.json"))
    name = environ.get("DOCKER_CONTEXT") or text(config, "currentContext")
    if name in {"", "default"}:
        return ""
    # The client stores a context under the hash of its name (docker/cli, context store).
    folder = hashlib.sha256(name.encode()).hexdigest()
    path = os.path.join(directory, "contexts", "meta", folder, "meta.json")
    host = text(_read_json(path), "Endpoints", "docker", "Host")
    if not host:
        raise EngineError(f"docker context '{name}' is not defined", hint="docker context ls")
    return host


def _read_json(path: str) -> Plain:
    try:
        with open(path, encoding="utf-8") as file:
            return cast(Plain, json.load(file))
    except (OSError, ValueError):
        return None
