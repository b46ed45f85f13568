"""Pieces of work -> their results in order, made by as many processes as the machine has cores.

By fork, where nothing else runs in this process: what was imported is there already, and a piece
of a tenth of a second is not worth the start of an interpreter. See
docs/adr/0074-projects-in-parallel-by-fork.md.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from bootready.typed import IO, NamedTuple, TypeVar, cast

WORTH = 4
"""So many pieces at least are divided."""
_WIDTH = 4
"""Bytes of a number in the pipe, which are read at once."""
_MOST = 8_000
"""Pieces whose numbers surely fit into a pipe before anybody reads it."""

Piece = TypeVar("Piece")
Result = TypeVar("Result")


class _Child(NamedTuple):
    pid: int
    results: IO[bytes]


def in_parallel(
    pieces: Sequence[Piece], make: Callable[[], Callable[[Piece], Result]]
) -> list[Result]:
    """Return the result of each piece, in their order.

    Each process calls `make` once, for what does the work. What a child could not do is done here,
    so that errors are raised where they can be told.
    """
    workers = min(_cores(), len(pieces))
    if not WORTH <= len(pieces) <= _MOST or workers < 2 or not _may_fork():
        return list(map(make(), pieces))
    sys.stdout.flush()
    sys.stderr.flush()
    queue = _queue(len(pieces))
    children: list[_Child] = []
    done: dict[int, Result] = {}
    try:
        for _ in range(workers - 1):
            children.append(_started(queue, pieces, make))  # noqa: PERF401 - each is ended below
        work = make()
        for number in _taken(queue):
            done[number] = work(pieces[number])
        for child in children:
            done |= _results(child)
    finally:
        os.close(queue)
        for child in children:
            _end(child)
    for number, piece in enumerate(pieces):
        if number not in done:
            done[number] = work(piece)
    return [done[number] for number in range(len(pieces))]


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def _may_fork() -> bool:
    """Tell whether nothing else runs here: a fork in the midst of another thread may never end."""
    return sys.platform == "linux" and threading.active_count() == 1


def _queue(count: int) -> int:
    """Return a pipe from which every process takes the number of its next piece."""
    read, write = os.pipe()
    os.write(write, b"".join(number.to_bytes(_WIDTH, "big") for number in range(count)))
    os.close(write)
    return read


def _taken(queue: int) -> Iterator[int]:
    while taken := os.read(queue, _WIDTH):
        yield int.from_bytes(taken, "big")


def _started(
    queue: int, pieces: Sequence[Piece], make: Callable[[], Callable[[Piece], Result]]
) -> _Child:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `_end`
    pid = os.fork()
    if pid:
        return _Child(pid, file)
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ours alone tells of an interruption
        work = make()
        for number in _taken(queue):
            pickle.dump((number, work(pieces[number])), file)
            file.flush()
        code = 0
    finally:
        os._exit(code)  # nothing that the parent wrote or will clean up is done twice


def _results(child: _Child) -> dict[int, Result]:
    """Return what a child did, when it has ended; nothing of a piece in which it failed."""
    os.waitpid(child.pid, 0)
    child.results.seek(0)
    found: dict[int, Result] = {}
    with suppress(EOFError, pickle.UnpicklingError):
        while True:
            number, result = pickle.load(child.results)  # noqa: S301 - our own child wrote it
            found[number] = cast("Result", result)
    return found


def _end(child: _Child) -> None:
    with suppress(ChildProcessError, ProcessLookupError):
        if os.waitpid(child.pid, os.WNOHANG) == (0, 0):
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
    child.results.close()
