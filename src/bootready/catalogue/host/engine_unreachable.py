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
    Connects to the engine that the `docker` client would use: DOCKER_HOST, otherwise the current
    context, otherwise the default socket.

    ## Why it stops boot
    Compose can load a project without an engine but cannot create anything.

    ## What you see
    ```
    Cannot connect to the Docker daemon at unix:///var/run/docker.sock.
    Is the docker daemon running?
    ```

    ## Remedy
    Start the engine (`sudo systemctl start docker`), or add your user to the group that owns its
    socket.

    ## When to silence it
    If the check runs where no engine is expected. Better: `bootready check --engine none` says so.
    """
    engine = context.engine
    if engine.asked and not engine.reachable:
        reason = engine.unreachable_reason
        message = reason if reason.startswith("engine") else f"engine: {reason}"
        yield report(None, message, hint=engine.hint)
