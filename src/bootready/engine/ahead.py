"""Questions that are sent before their answers are needed: the engine works while files are read.

Some of its answers take longer than a small project takes to check. Only over a socket of this
machine, where a connection costs next to nothing and is there at once or not at all.
"""

from __future__ import annotations

from bootready.engine.http import HttpError, Request, open_connection, send
from bootready.typed import TYPE_CHECKING, Iterable

if TYPE_CHECKING:
    from bootready.engine.address import Address
    from bootready.engine.http import Connection


class Ahead:
    """What was asked and not read yet. A question that could not be sent is asked in its turn."""

    def __init__(self) -> None:
        self._sent: dict[str, Connection] = {}

    def ask(self, address: Address, targets: Iterable[str]) -> None:
        """Send a GET of each target, a path with its query; waits for nothing."""
        if not address.path:
            return
        for target in targets:
            try:
                connection = open_connection(address, 0)
            except (OSError, UnicodeError):
                return  # whoever asks in its turn says why
            try:
                send(connection, address.host, Request("GET", target))
            except (OSError, HttpError):
                connection.close()
            else:
                self._sent[target] = connection

    def taken(self, target: str, timeout: float) -> Connection | None:
        """Return the connection on which `target` was asked for, None where it was not.

        From now on each step may take `timeout` seconds. It is given away once.
        """
        connection = self._sent.pop(target, None)
        if connection is not None:
            connection.settimeout(timeout)
        return connection

    def close(self) -> None:
        """Let go of what nobody came to read."""
        while self._sent:
            _, connection = self._sent.popitem()
            connection.close()
