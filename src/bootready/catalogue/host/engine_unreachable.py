"""The Docker Engine does not answer: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)


@check(
    summary="the Docker Engine does not answer",
    severity=Severity.ERROR,
    uses=Needs.ENGINE,
    since="0.1.0",
    proof="a proof needs the engine that this check misses",
)
def engine_unreachable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Asks the engine that the docker client would talk to: DOCKER_HOST, else the current context,
    else the default socket.

    ## Why it stops boot
    Compose can load a project without an engine, but cannot create anything.

    ## Remedy
    Start the engine, or join the group that may use its socket.
    """
    engine = context.engine
    if engine.asked and not engine.reachable:
        reason = engine.unreachable_reason
        message = reason if reason.startswith("engine") else f"engine: {reason}"
        yield report(None, message, hint=engine.hint)
