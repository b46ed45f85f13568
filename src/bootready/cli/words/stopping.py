"""The signals that tell us to end -> the KeyboardInterrupt that Ctrl-C raises."""

from __future__ import annotations


def stop_when_told() -> None:
    """Let SIGTERM and SIGHUP end the command as Ctrl-C does, with all that it started."""
    import signal

    def interrupt(number: int, frame: object) -> None:
        del number, frame
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    # What runs under nohup(1) ignores SIGHUP, and is to go on; Windows has none.
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, interrupt)
