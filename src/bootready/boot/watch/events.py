"""A running Compose and the engine's events -> one queue of what happens, in the order it comes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue

from bootready.boot.watch.compose_lines import Told, parse_line
from bootready.boot.watch.lives import EVENTS
from bootready.engine.api import Api
from bootready.engine.container import PROJECT_LABEL
from bootready.engine.events import EventStream
from bootready.engine.run import Line, child, read_lines
from bootready.errors import EngineError
from bootready.model.node import Plain
from bootready.typed import NamedTuple


class ComposeEnded(NamedTuple):
    """Compose is through; its exit code alone does not tell whether it worked."""

    exit_code: int


class EngineLost(NamedTuple):
    """The engine hung up while we watched."""

    error: EngineError


class Happened(NamedTuple):
    """An event of the engine."""

    event: Plain


Item = Told | ComposeEnded | EngineLost | Happened


class Watch:
    """What happens during one boot; `next` waits for it."""

    def __init__(self, queue: SimpleQueue[Item]) -> None:
        self._queue = queue

    def next(self, seconds: float) -> Item | None:
        """Return what happens next, None on timeout."""
        return next_of(self._queue, seconds)


def next_of(queue: SimpleQueue[Item], seconds: float) -> Item | None:
    """Return the next item of `queue`, None if none comes within so many seconds."""
    try:
        return queue.get(timeout=max(0.0, seconds))
    except Empty:
        return None


@contextmanager
def events_of(api: Api, project: str) -> Iterator[tuple[EventStream, SimpleQueue[Item]]]:
    """Listen to the containers of a project; the stream is open before anything is started."""
    queue: SimpleQueue[Item] = SimpleQueue()
    label = f"{PROJECT_LABEL}={project}"
    events = api.events(type=["container"], label=[label], event=EVENTS)
    reader = threading.Thread(target=_read_events, args=(events, queue), daemon=True)
    reader.start()
    try:
        yield events, queue
    finally:
        events.close()
        reader.join(2)


@contextmanager
def watching(argv: tuple[str, ...], directory: str, queue: SimpleQueue[Item]) -> Iterator[Watch]:
    """Run Compose and put what it says into `queue`; on leaving, it is ended if it still runs."""
    # Bake needs a plugin that many machines lack; without it Compose builds as it always did.
    environment = {} if "COMPOSE_BAKE" in os.environ else {"COMPOSE_BAKE": "false"}
    with child(argv, cwd=directory, env=environment, guarded=True) as process:
        if process.stdin:
            process.stdin.close()

        def take(line: Line) -> None:
            told = parse_line(line.text)
            if told is not None:
                queue.put(told)

        readers = read_lines(process, take)

        def wait() -> None:
            for reader in readers:
                reader.join()
            queue.put(ComposeEnded(process.wait()))

        threading.Thread(target=wait, daemon=True).start()
        yield Watch(queue)


def _read_events(events: EventStream, queue: SimpleQueue[Item]) -> None:
    try:
        for event in events:
            queue.put(Happened(event))
    except EngineError as error:
        queue.put(EngineLost(error))
