"""A boot that waits for nothing but time -> its endpoints, asked in the meantime.

A service without a healthcheck is watched for a while before it is believed. What it publishes
can be asked during that time: an answer counts only if the same containers still run at the end.
"""

from __future__ import annotations

from bootready.errors import EngineError
from bootready.model.boot import Endpoint
from bootready.typed import TYPE_CHECKING, Callable

if TYPE_CHECKING:
    from bootready.boot.verify.endpoints import Asking, Told

Mark = frozenset[tuple[str, float]]
"""The running containers of a boot, each with the moment of its start."""


class Meanwhile:
    """The endpoints of one boot; `begin` asks them, of the containers that run then, and is told
    the seconds that the boot has spent of its limit.
    """

    def __init__(self, begin: Callable[[float], Asking]) -> None:
        self._begin = begin
        self._asking: Asking | None = None
        self._mark: Mark = frozenset()

    def take(self, mark: Mark, spent: float, *, only_time: bool) -> None:
        """Ask the containers of `mark` if only time is awaited; forget what others answered."""
        if self._asking is not None and mark != self._mark:
            self.stop()
        if only_time and self._asking is None:
            try:
                self._asking, self._mark = self._begin(spent), mark
            except EngineError:
                return  # what is wrong with the engine, the boot finds out by itself

    def answers(self, spent: float, told: Told | None) -> tuple[Endpoint, ...]:
        """Return the endpoints; whoever has not been asked before is asked now. Raises
        EngineError.
        """
        asking = self._asking or self._begin(spent)
        self._asking = asking
        return asking.answers(told)

    def stop(self) -> None:
        """Ask no more, and forget what was answered."""
        if self._asking is not None:
            self._asking.stop()
        self._asking = None
