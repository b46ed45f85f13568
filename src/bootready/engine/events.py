"""The engine's stream of events, one by one."""

from __future__ import annotations

import sys

from bootready.engine.http import Answer
from bootready.errors import EngineError
from bootready.model.node import Plain
from bootready.plain_json import loads
from bootready.typed import TYPE_CHECKING, Iterator

if TYPE_CHECKING:
    from bootready.engine.http import Connection

_START = "sudo systemctl start docker" if sys.platform == "linux" else "open Docker Desktop"
START_HINT = f"start Docker ({_START}) or install it, or set DOCKER_HOST to a running engine"
PODMAN_HINT = "start it: systemctl --user start podman.socket (as root: without --user)"


class EventStream:
    """Events of the engine, one by one, until another thread calls `close`."""

    def __init__(self, connection: Connection, answer: Answer) -> None:
        connection.settimeout(None)  # the engine sends headers at once, events as they come
        self._closed = False
        self._connection = connection
        self._answer = answer

    def __iter__(self) -> Iterator[Plain]:
        """Yield events; ends after `close`. Raises EngineError where the engine hangs up."""
        try:
            while line := self._answer.readline():
                yield loads(line)
        except (OSError, ValueError):
            pass  # what ended the stream is told apart below
        finally:
            self._answer.close()
            self._connection.close()
        if not self._closed:
            raise EngineError("the engine closed its stream of events", hint=START_HINT)

    def close(self) -> None:
        """End the stream; its reader sees an ordinary end."""
        from bootready.engine.local_socket import BOTH_WAYS

        self._closed = True
        try:
            self._connection.shutdown(BOTH_WAYS)
        except OSError:
            return  # it ended by itself
