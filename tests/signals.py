"""Programs that are started so that they can be answered by Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def answering_ctrl_c() -> Iterator[None]:
    """Start what is to be interrupted inside of this.

    A shell without job control starts what runs in the background with SIGINT ignored, and that is
    inherited: a test run in the background could not be answered by Ctrl-C.
    """
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, ignored)
