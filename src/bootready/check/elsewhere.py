"""Whether the engine is on another machine than we are, as far as that can be known."""

from __future__ import annotations

from bootready.check.api import Context


def is_elsewhere(context: Context) -> bool:
    """Tell whether what this machine has says nothing about the engine's.

    It is reached over the network, or keeps its data where we see nothing: a virtual machine. One
    that does not answer is taken for ours.
    """
    engine = context.engine
    if not engine.local:
        return True
    return engine.reachable and context.host.file(engine.info().root) is None
