"""Steps of Compose, with the moments at which they came -> what is pulled, how far, for how long.

Compose pulls all images before it makes a network, volume or container. A layer that two images
share is one transfer, and the engine tells its bytes to both.
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.boot.watch.compose_lines import Refusal, Step, Told
from bootready.typed import NamedTuple

MADE = ("Network ", "Container ", "Volume ")
"""How the resources begin that Compose makes once the images are there."""

SPAN = 8.0
"""Seconds of a pull that say how fast it is."""
STEP = 0.5
"""Seconds between two moments of it that are kept."""

_UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))


class Pull(NamedTuple):
    """One image that is being pulled; v2 of Compose names the service in its place."""

    image: str
    current: int
    """Bytes that have arrived."""
    total: int
    """Bytes of the layers whose size is known by now; 0 while none is."""

    @property
    def words(self) -> str:
        """How far it is, such as ``12.3 of 40.1 MB``; '' while nothing is known."""
        return f"{_bytes(self.current, self.total)} of {_bytes(self.total)}" if self.total else ""


class Speed(NamedTuple):
    """How fast an image comes: bytes a second, and the seconds that are left; None for unknown."""

    rate: float | None
    left: float | None


class Speeds:
    """How fast each image comes, from what was there in the last `SPAN` seconds."""

    def __init__(self) -> None:
        self._seen: dict[str, list[tuple[float, int]]] = {}

    def take(self, pull: Pull, now: float) -> Speed:
        """Take in how far a pull is at the moment `now`; return how fast it has been lately.

        What is left is counted of the layers whose size is known by now: it may grow.
        """
        seen = self._seen.setdefault(pull.image, [])
        if not seen or now - seen[-1][0] >= STEP:
            seen.append((now, pull.current))
        while len(seen) > 2 and now - seen[1][0] >= SPAN:
            seen.pop(0)
        began, before = seen[0]
        spent = now - began
        if spent < STEP:
            return Speed(None, None)
        rate = max(0, pull.current - before) / spent
        left = max(0, pull.total - pull.current)
        return Speed(rate, left / rate if rate and pull.total else None)


class _Layer(NamedTuple):
    words: str = ""
    told: int = 0
    """The bytes of what the engine does with it now: they begin anew when it is unpacked."""
    arrived: int = 0
    total: int = 0


class Pulls:
    """The pulls of one boot; moments are those of one clock, in seconds."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, _Layer]] = {}
        self._spent = 0.0
        self._began = 0.0
        self._moved = 0.0

    @property
    def active(self) -> bool:
        """Whether any image is being pulled."""
        return bool(self._open)

    def take(self, told: Told, now: float = 0.0) -> None:
        """Take in what Compose tells at the moment `now`."""
        match told:
            case Step(resource, _, parent=parent) if parent in self._open:
                self._layer(told, self._open[parent], resource, now)
            case Step(resource, "Pulling", parent=""):
                if not self._open:
                    self._began = now
                self._open.setdefault(resource, {})
                self._moved = now
            case Step(resource) if resource.startswith(MADE):
                self._close(tuple(self._open), now)
            case Step(resource, parent="") | Refusal(resource=resource):
                self._close((resource,), now)

    def end(self, now: float) -> None:
        """Take in that Compose has ended, whatever it said last."""
        self._close(tuple(self._open), now)

    def spent(self, now: float) -> float:
        """Return for how many seconds images have been pulled until `now`."""
        return self._spent + (now - self._began if self._open else 0.0)

    def still(self, now: float) -> float:
        """Return for how many seconds no byte has come; 0 where nothing is pulled."""
        return now - self._moved if self._open else 0.0

    def pulling(self) -> Iterator[Pull]:
        """Yield the images that are being pulled, in the order in which they were begun."""
        for name, layers in self._open.items():
            current = sum(layer.arrived for layer in layers.values())
            total = sum(layer.total for layer in layers.values())
            yield Pull(name.removeprefix("Image "), current, total)

    def _layer(self, step: Step, layers: dict[str, _Layer], name: str, now: float) -> None:
        before = layers.get(name, _Layer())
        total = max(before.total, step.total)
        arrived = step.current if step.words == "Downloading" else total
        after = _Layer(step.words, step.current, max(before.arrived, arrived), total)
        # The engine counts the seconds until it tries a layer again: these are no progress.
        if after != before and "Retrying" not in step.words:
            self._moved = now
        layers[name] = after

    def _close(self, names: tuple[str, ...], now: float) -> None:
        ended = [name for name in names if self._open.pop(name, None) is not None]
        if ended and not self._open:
            self._spent += now - self._began


def _bytes(number: int, beside: int = 0) -> str:
    """Return a number of bytes in its unit, as the engine counts; without it beside another."""
    for size, unit in _UNITS:
        if max(number, beside) >= size:
            return f"{number / size:.1f}" + (f" {unit}" if not beside else "")
    return f"{number}" + (" B" if not beside else "")
