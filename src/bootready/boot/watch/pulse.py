"""A boot that goes on for a while -> whether the engine still answers, asked beside it.

A stopped or overloaded engine keeps its connections: nothing comes, which looks like a service that
takes its time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bootready.engine.api import Api

PERIOD = 4.0
"""Seconds between two questions, and for which each of them waits."""
SAID = 8.0
"""Seconds without an answer after which that is said, and nothing else is asked."""
PATIENCE = 60.0
"""Seconds without an answer after which the engine is given up."""


class Pulse:
    """The signs of life of one engine, taken by a thread of its own."""

    def __init__(self, api: Api) -> None:
        """Begin to ask; `api` has just answered."""
        self._api = api
        self._heard = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    @property
    def silent(self) -> float:
        """Seconds for which the engine has not answered, 0.0 where that is not worth a word."""
        seconds = time.monotonic() - self._heard
        return seconds if seconds >= SAID else 0.0

    def close(self) -> None:
        """Ask no more."""
        self._over.set()

    def _ask(self) -> None:
        while not self._over.wait(PERIOD):
            if self._api.is_alive(PERIOD):
                self._heard = time.monotonic()


@contextmanager
def pulse_of(api: Api) -> Iterator[Pulse]:
    """Ask for signs of life until the block is left."""
    pulse = Pulse(api)
    try:
        yield pulse
    finally:
        pulse.close()
