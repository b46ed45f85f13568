"""The garbage collector, kept away from where a model is built and read."""

from __future__ import annotations

import gc

from bootready.typed import Callable, ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")
_HELD: list[object] = []
"""The one model that is held; a list, so that no function has to rebind a name of the module."""


class _Aside:
    """Whether this process has set aside what was alive: to ask `gc` walks all of it."""

    done = False


def uncollected(function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Return `function` made to run without the garbage collector, which may be paused already.

    Next to nothing of a model is ever garbage, and looking for it in a growing one costs more than
    building it (seen with a thousand services: half of the time). What is alive at the end of the
    first such call is set aside for good, or the collector would walk all of it at once: that was
    a quarter of a check of three thousand services. A process that reads many projects, such as a
    test run, sets aside only once, so that nothing piles up.
    """

    def run(*given: Given.args, **named: Given.kwargs) -> Made:
        collecting = gc.isenabled()
        gc.disable()
        try:
            return function(*given, **named)
        finally:
            if collecting:
                _set_aside()
                gc.enable()

    run.__doc__, run.__name__ = function.__doc__, function.__name__
    return run


def held(made: Made) -> Made:
    """Return `made`, and hold the first such thing until the process ends.

    For a command that only reads: it leaves the process as soon as its output is out, and to take
    its model apart before that would be work for nothing. Later ones go as usual, so that a process
    that reads many projects does not grow.
    """
    if not _HELD:
        _HELD.append(made)
    return made


def _set_aside() -> None:
    """Freeze what is alive, once in a process."""
    if not _Aside.done:
        _Aside.done = True
        gc.freeze()
