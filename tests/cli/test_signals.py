"""What tells us to end also ends what we started."""

from __future__ import annotations

import os
import signal

import pytest

from bootready.cli.words.stopping import stop_when_told


@pytest.fixture(autouse=True)
def restored():
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_is_an_interruption(number):
    """As Ctrl-C, which ends Compose: a terminal that is closed sends SIGHUP."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    stop_when_told()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)


def test_what_runs_under_nohup_goes_on():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop_when_told()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
