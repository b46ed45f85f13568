"""An address that only the docker client can reach -> a connection to the engine through it.

`docker system dial-stdio` connects its standard input and output to the engine: over ``ssh://`` by
the person's own ssh program, on Windows by the named pipe. It is what the client itself starts on
the other machine (docker/cli, cli/connhelper).
"""

from __future__ import annotations

import select
import socket
from contextlib import ExitStack, suppress
from threading import Lock, Thread

from bootready.engine.address import Address
from bootready.engine.run import child
from bootready.errors import EngineError
from bootready.typed import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.engine.run import Process

_ARGV = ("docker", "system", "dial-stdio")
_MOST_SAID = 4000
"""Characters that are kept of what the client complains of."""
_PATIENCE = 2.0
"""Seconds that the client may take to say why it ended."""
_LOGIN_HINT = "log in without being asked for anything: ssh {} docker version"

_idle: dict[Address, list[Dialled]] = {}
"""Connections that may be asked again: a login over ssh takes longer than most answers."""
_lock = Lock()


class Dialled(socket.socket):
    """A connection whose other end is the docker client's standard input and output."""

    def __init__(self, near: socket.socket, process: Process, ends: ExitStack) -> None:
        """Take over the socket `near`; `ends` is closed with it."""
        super().__init__(near.family, near.type, near.proto, fileno=near.detach())
        self._process = process
        self._ends = ends
        self._complaints: list[str] = []
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def close(self) -> None:
        """End the client as well."""
        super().close()
        self._ends.close()

    def complaint(self) -> str:
        """Return why the client ended, in its own words and those of ssh; '' if it has not."""
        self._listener.join(_PATIENCE)
        said = "".join(self._complaints).strip()
        # The client quotes the program that it started: what that said is the cause.
        _, quotes, cause = said.rpartition("stderr=")
        lines = [line.strip() for line in (cause if quotes else said).splitlines() if line.strip()]
        return lines[-1] if lines else ""

    def _listen(self) -> None:
        pipe = self._process.stderr
        with suppress(OSError, ValueError):  # closed while we read
            while pipe and (said := pipe.read1(1000)):  # type: ignore[attr-defined]
                if sum(map(len, self._complaints)) < _MOST_SAID:
                    self._complaints.append(said.decode(errors="replace"))


def dial(address: Address, timeout: float | None) -> Dialled:
    """Return a connection to the engine at `address`, one that was kept or a new one.

    `timeout` is in seconds, for each step that waits. Raises EngineError where the docker client
    cannot be started; that it reaches nothing is seen when something is asked.
    """
    connection = _kept(address) or _dialled(address)
    connection.settimeout(timeout)
    return connection


def _kept(address: Address) -> Dialled | None:
    """Return a connection that is still there, None where none is; those that ended are closed."""
    while True:
        with _lock:
            kept = _idle.get(address)
            connection = kept.pop() if kept else None
        if connection is None or not select.select([connection], [], [], 0)[0]:
            return connection
        connection.close()  # what nobody asked for is its end


def keep(address: Address, connection: Dialled) -> None:
    """Keep a connection whose answer was read to its end, for the next question."""
    with _lock:
        _idle.setdefault(address, []).append(connection)


def refusal(address: Address, connection: Dialled) -> EngineError | None:
    """Return the error that says why the client reached nothing, None where it does not say."""
    said = connection.complaint()
    if not said:
        return None
    place = address.url.partition("://")[2].partition("/")[0]
    hint = _LOGIN_HINT.format(place) if address.url.startswith("ssh://") else "docker version"
    return EngineError(f"engine {address.shown}: {said}", hint=hint)


def _dialled(address: Address) -> Dialled:
    ends = ExitStack()
    environment = {
        "DOCKER_HOST": address.url,
        "DOCKER_CONTEXT": None,
        "SSH_ASKPASS_REQUIRE": "never",
    }
    try:
        process = ends.enter_context(child(_ARGV, cwd="/", env=environment))
    except EngineError as error:
        raise EngineError(
            f"engine {address.shown}: only the docker client reaches it, and {error.message}",
            hint="install the docker client (https://docs.docker.com/engine/install/)",
        ) from None
    try:
        near, far = socket.socketpair()
        ends.callback(far.close)
        ends.callback(_quietly_close, process.stdin)
        for one in (
            Thread(target=_to_client, args=(far, process.stdin), daemon=True),
            Thread(target=_from_client, args=(process.stdout, far), daemon=True),
        ):
            one.start()
        return Dialled(near, process, ends)
    except BaseException:
        ends.close()
        raise


def _to_client(source: socket.socket, target: IO[bytes] | None) -> None:
    with suppress(OSError, ValueError):  # the other side is gone
        while target and (data := source.recv(65_536)):
            target.write(data)
            target.flush()
    _quietly_close(target)


def _from_client(source: IO[bytes] | None, target: socket.socket) -> None:
    with suppress(OSError, ValueError):
        while source and (data := source.read1(65_536)):  # type: ignore[attr-defined]
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _quietly_close(pipe: IO[bytes] | None) -> None:
    with suppress(OSError, ValueError):
        if pipe:
            pipe.close()
