"""The garbage collector, kept away from where a model is built and read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Run a function, or a block, without the garbage collector; it may be paused already.

    Next to nothing of a model is ever garbage, and looking for it in a growing one costs more than
    building it (seen with a thousand services: half of the time).
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
