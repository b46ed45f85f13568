"""The garbage collector, kept away from where a model is built and read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Run a function, or a block, without the garbage collector; it may be paused already.

    Next to nothing of a model is ever garbage, and looking for it in a growing one costs more than
    building it (seen with a thousand services: half of the time). What is alive at the end of the
    first such block is set aside for good, or the collector would walk all of it at once: that was
    a quarter of a check of three thousand services. A process that reads many projects, such as a
    test run, sets aside only once, so that nothing piles up.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if not gc.get_freeze_count():
                gc.freeze()
            gc.enable()
