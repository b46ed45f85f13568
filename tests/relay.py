"""A socket of the test's own in front of another one: an engine that goes away and comes back."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Relay:
    """Hands on what comes to the socket at `path` while it is open."""

    def __init__(self, path: str, behind: str) -> None:
        self.path = path
        self._behind = behind
        self._listener: socket.socket | None = None
        self._taken: list[socket.socket] = []

    def open(self) -> None:
        """Listen, as an engine that has started."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen(64)
        threading.Thread(target=self._take, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """Hang up on everybody and take the socket away, as an engine that is stopped."""
        assert self._listener is not None
        with suppress(FileNotFoundError):
            Path(self.path).unlink()
        for one in (self._listener, *self._taken):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._taken.clear()

    def _take(self, listener: socket.socket) -> None:
        while True:
            try:
                asking, _ = listener.accept()
                answering = socket.socket(socket.AF_UNIX)
                self._taken += [asking, answering]
                answering.connect(self._behind)
            except OSError:
                return
            for one, other in ((asking, answering), (answering, asking)):
                threading.Thread(target=_hand_on, args=(one, other), daemon=True).start()


def _hand_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while part := one.recv(65536):
            other.sendall(part)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@contextmanager
def relayed(behind: str) -> Iterator[Relay]:
    """Open a relay in front of the socket at `behind`."""
    # A socket has a path of at most 107 bytes, which those of tests may be longer than.
    with tempfile.TemporaryDirectory(prefix="relay-") as directory:
        relay = Relay(f"{directory}/sock", behind)
        relay.open()
        try:
            yield relay
        finally:
            relay.close()
