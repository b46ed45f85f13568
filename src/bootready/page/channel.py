"""The newest state of a boot, from the thread that boots to those that show it.

Who writes never waits for who reads: a reader that is slow, or gone, misses states and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from bootready.model.node import Plain
from bootready.model.printable import safe_json
from bootready.typed import NamedTuple

HOST = "127.0.0.1"
"""The only interface on which a page is served."""
Wake = Callable[[], object]
"""Tells a reader that there is something new; it must return at once."""


class Page(NamedTuple):
    """What is shown, and the policy for it (`Content-Security-Policy`)."""

    text: str
    policy: str


class Reading(NamedTuple):
    """What is known now: its number, and the values as JSON on one line."""

    version: int
    text: str
    over: bool
    """Whether nothing will follow."""


class Channel:
    """Values by name that are replaced as a whole; for any number of readers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: dict[str, Plain] = {}
        self._reading = Reading(0, "{}", over=False)
        self._stale = False
        self._listeners: set[Wake] = set()

    def put(self, **values: Plain) -> None:
        """Replace values, and wake the readers if any of them is another one."""
        with self._lock:
            if all(name in self._values and self._values[name] == values[name] for name in values):
                return
            self._values = {**self._values, **values}
            self._reading = self._reading._replace(version=self._reading.version + 1)
            self._stale = True
            listeners = tuple(self._listeners)
        _wake(listeners)

    def end(self) -> None:
        """Tell the readers that nothing will follow."""
        with self._lock:
            self._reading = self._reading._replace(version=self._reading.version + 1, over=True)
            listeners = tuple(self._listeners)
        _wake(listeners)

    def read(self) -> Reading:
        """Return what is known now; it is written as JSON only if somebody reads it."""
        with self._lock:
            if self._stale:
                text = safe_json(self._values, indent=None)
                self._reading = self._reading._replace(text=text)
                self._stale = False
            return self._reading

    @property
    def listened_to(self) -> bool:
        """Whether anybody reads."""
        with self._lock:
            return bool(self._listeners)

    @contextmanager
    def listening(self, wake: Wake) -> Iterator[None]:
        """Have `wake` called at every change while the context lasts."""
        with self._lock:
            self._listeners.add(wake)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.discard(wake)


class Served(NamedTuple):
    """What a browser sees at one address.

    `page` is called when a browser asks for it, in a thread of its own.
    """

    channel: Channel
    page: Callable[[], Page]


def _wake(listeners: tuple[Wake, ...]) -> None:
    for wake in listeners:
        with suppress(RuntimeError):  # the loop of that reader has ended
            wake()
