"""A path of the engine's HTTP API -> its answer as plain JSON; events and logs as streams.

Talks to the socket or address that the docker client would: ``DOCKER_HOST``, else the current
context, else the default socket. https://docs.docker.com/reference/api/engine/
"""

from __future__ import annotations

import time

from bootready.engine.address import Address, find_address
from bootready.engine.ahead import Ahead
from bootready.engine.events import PODMAN_HINT, START_HINT, EventStream
from bootready.engine.http import (
    Answer,
    HttpError,
    Request,
    ask,
    open_connection,
    quoted,
    request_of,
    send,
)
from bootready.errors import EngineError
from bootready.model.node import Plain
from bootready.plain_json import loads
from bootready.typed import TYPE_CHECKING, Mapping, cast

if TYPE_CHECKING:
    from bootready.engine.http import Connection


_GROUP_HINT = (
    "add your user to the group of the socket (sudo usermod -aG docker $USER) and log in again"
)


TIMEOUT = 30.0
"""Seconds that one question may take; PING of them for whether the engine is there at all."""
PING = 8.0
SILENCE = 12.0
"""Seconds for which nothing at all may come after a question that changes nothing.

An engine may answer pings and hang otherwise; one that stops a container is silent for longer.
"""
ARCHIVE_LIMIT = 8_000_000
"""Bytes of an archive out of a container; what is looked for in it is a small file."""
LARGEST = 256_000_000
"""Bytes of any other answer."""
FORGIVEN = 15.0
"""Seconds for which an engine that did not answer is not asked again.

Every stage of a command asks for itself; one that hangs would be waited for by each of them.
"""

_silent: dict[Address, float] = {}
"""When an engine was found not to answer; the one thing that the stages of a command share."""


class Api:
    """The HTTP API of one engine. Every call makes its own connection, so threads may share it."""

    def __init__(self, address: Address, timeout: float = TIMEOUT) -> None:
        self.address = address
        self.timeout = timeout
        self._ahead = Ahead()

    def ask_ahead(self, *targets: str) -> None:
        """Send GETs of paths with their queries, whose answers are read when they are asked for.

        Never waits, raises nothing, and asks none where that would be dear: elsewhere than at a
        socket of this machine. `let_go` closes what nobody came to read.
        """
        if not _is_silent(self.address):
            self._ahead.ask(self.address, targets)

    def let_go(self) -> None:
        """Forget what was asked ahead."""
        self._ahead.close()

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
        self.timeout, before = min(PING, self.timeout), self.timeout
        try:
            self._bytes("GET", "/_ping", {}, None)
        finally:
            self.timeout = before

    def is_alive(self, seconds: float) -> bool:
        """Tell whether the engine answers within so many seconds; that it does not is not kept."""
        try:
            connection = open_connection(self.address, seconds)
            try:
                ask(connection, self.address.host, Request("GET", "/_ping")).close()
            finally:
                connection.close()
        except (OSError, HttpError, UnicodeError):
            return False
        _silent.pop(self.address, None)
        return True

    def inspect(self, container: str) -> Plain:
        """Return what the engine knows of a container, by id or name."""
        return self.get(f"/containers/{quoted(container)}/json")

    def logs(self, container: str, tail: int = 50, until: float = 0.0) -> tuple[str, ...]:
        """Return the last lines that a container wrote to its outputs, oldest first.

        Only those from before `until`, in epoch seconds, where it is not 0.
        """
        path = f"/containers/{quoted(container)}/logs"
        query: dict[str, Plain] = {"stdout": True, "stderr": True, "tail": tail}
        if until:
            query["until"] = f"{until:.9f}"
        raw = self._bytes("GET", path, query, None)
        # A carriage return inside a line is a part of it: CRLF scripts are known by that.
        lines = demultiplex(raw).decode(errors="replace").split("\n")
        return tuple(line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1]))

    def archive(self, container: str, path: str) -> bytes:
        """Return the tar archive of what lies at `path` in a container, running or not.

        Raises EngineError for one of more than ARCHIVE_LIMIT bytes: `path` may be a directory.
        """
        name = quoted(container)
        query: dict[str, Plain] = {"path": path}
        return self._bytes("GET", f"/containers/{name}/archive", query, None, limit=ARCHIVE_LIMIT)

    def download(self, path: str, timeout: float | None = None) -> bytes:
        """Return the raw answer of a GET, such as an archive. Raises EngineError.

        One that takes longer than `timeout` seconds says nothing about the engine.
        """
        return self._bytes("GET", path, {}, None, timeout)

    def events(self, **filters: list[str]) -> EventStream:
        """Return the stream of the events from now on; it is open when this returns."""
        query: dict[str, Plain] = {"filters": cast(Plain, filters)}
        _refuse_the_silent(self.address)
        connection = self._connection(min(self.timeout, SILENCE))
        try:
            request = request_of("GET", "/events", query, None)
            return EventStream(connection, self._ask(connection, request))
        except BaseException as error:
            connection.close()
            if not isinstance(error, TimeoutError):
                raise
            _silent[self.address] = time.monotonic()
            raise _no_answer(self.address, str(error)) from None

    def past_events(self, since: float = 0.0, **filters: list[str]) -> list[Plain]:
        """Return the events that the engine remembers, oldest first; `since` in epoch seconds."""
        query: dict[str, Plain] = {
            "filters": cast(Plain, filters),
            "since": f"{since:.9f}",
            "until": f"{time.time():.9f}",
        }
        lines = self._bytes("GET", "/events", query, None).splitlines()
        return [loads(line) for line in lines if line.startswith(b"{")]

    def execute(self, container: str, argv: list[str], timeout: float = 20.0) -> tuple[int, str]:
        """Run `argv` in a container; return its exit code and output. `timeout` in seconds."""
        created = self.post(
            f"/containers/{quoted(container)}/exec",
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
            return loads(raw)
        except (ValueError, RecursionError):
            return raw.decode(errors="replace")

    def _bytes(
        self,
        method: str,
        path: str,
        query: Mapping[str, Plain],
        body: Plain,
        timeout: float | None = None,
        *,
        limit: int = LARGEST,
    ) -> bytes:
        seconds = timeout or self.timeout
        _refuse_the_silent(self.address)
        patience = seconds if timeout or method != "GET" else min(seconds, SILENCE)
        ends = time.monotonic() + seconds
        request = request_of(method, path, query, body, stays=self._stays)
        sent = self._ahead.taken(request.target, patience) if method == "GET" else None
        connection = sent or self._connection(patience)
        stays = False
        try:
            answer = self._ask(connection, request, is_sent=sent is not None)
            read = _read_all(answer, limit, ends)
            stays = self._stays and answer.is_over
        except TimeoutError as error:
            if timeout is None:
                _silent[self.address] = time.monotonic()
            raise _no_answer(self.address, str(error)) from None
        except HttpError as error:
            raise self._broken(connection, error) from None
        finally:
            self._let_go(connection, stays=stays)
        return read

    @property
    def _stays(self) -> bool:
        return self.address.is_dialled

    def _let_go(self, connection: Connection, *, stays: bool) -> None:
        if stays:
            from bootready.engine.dial import Dialled, keep

            keep(self.address, cast(Dialled, connection))
        else:
            connection.close()

    def _broken(self, connection: Connection, error: Exception) -> EngineError:
        """Return why there was no answer: the docker client says it, where that was asked."""
        if self.address.is_dialled:
            from bootready.engine.dial import Dialled, refusal

            if said := refusal(self.address, cast(Dialled, connection)):
                return said
        return _no_answer(self.address, str(error))

    def _ask(self, connection: Connection, request: Request, *, is_sent: bool = False) -> Answer:
        """Return the answer, its body unread. Raises EngineError, TimeoutError."""
        try:
            if not is_sent:
                send(connection, self.address.host, request)
            answer = Answer(connection)
            if answer.status < 400:
                return answer
            message = _refusal(_read_all(answer, LARGEST, time.monotonic() + self.timeout))
        except TimeoutError:
            raise
        except HttpError as error:
            raise self._broken(connection, error) from None
        except OSError as error:
            raise unreachable(self.address, error) from None
        path = request.target.partition("?")[0]
        raise EngineError(message, (request.method, path), exit_code=answer.status)

    def _connection(self, timeout: float | None) -> Connection:
        try:
            return open_connection(self.address, timeout)
        except TimeoutError as error:
            _silent[self.address] = time.monotonic()
            raise _no_answer(self.address, str(error)) from None
        except UnicodeError:  # what no domain name can be
            raise unreachable(self.address, OSError("not a valid address")) from None
        except OSError as error:
            raise unreachable(self.address, error) from None


def connect(environ: Mapping[str, str], timeout: float = TIMEOUT) -> Api:
    """Return the API of the engine that the docker client would talk to; asks it nothing yet.

    Raises EngineError for an address that nobody can talk to.
    """
    return Api(find_address(environ), timeout)


def unreachable(address: Address, error: OSError) -> EngineError:
    """Return the error that says why the engine at `address` cannot be reached."""
    if isinstance(error, PermissionError):
        return EngineError(f"engine {address.shown}: permission denied", hint=_GROUP_HINT)
    reason = {
        FileNotFoundError: "its socket does not exist",
        ConnectionRefusedError: "nothing listens there",
    }.get(type(error), error.strerror or str(error))
    is_podman = address.path.endswith("/podman.sock")
    return EngineError(
        f"engine {address.shown}: {reason}", hint=PODMAN_HINT if is_podman else START_HINT
    )


def _read_all(answer: Answer, limit: int, ends: float) -> bytes:
    """Return the body; TimeoutError where it is not complete at `ends`, however it trickles."""
    chunks: list[bytes] = []
    size = 0
    try:
        while chunk := answer.read1(1 << 20):
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                raise EngineError(f"the answer of the engine is larger than {limit} bytes")
            if time.monotonic() > ends:
                raise TimeoutError("timed out")
    finally:
        answer.close()
    return b"".join(chunks)


def _is_silent(address: Address) -> bool:
    return time.monotonic() - _silent.get(address, -FORGIVEN) < FORGIVEN


def _refuse_the_silent(address: Address) -> None:
    if _is_silent(address):
        raise _no_answer(address, "timed out")


def _no_answer(address: Address, reason: str) -> EngineError:
    return EngineError(
        f"the engine at {address.shown} did not answer: {reason}",
        hint="is it stopped or overloaded? sudo systemctl status docker",
    )


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


def _refusal(raw: bytes) -> str:
    try:
        message = text(loads(raw), "message")
    except ValueError:
        message = ""
    return message or raw.decode(errors="replace").strip()
