"""The ports of a service on the host network are discarded: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)


@check(
    summary="the ports of a service on the host network are discarded",
    severity=Severity.WARNING,
    looks_at=("service.network_mode",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#network_mode",
)
def published_port_discarded(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `ports` in services with `network_mode: host`.

    ## Why it matters
    The engine publishes nothing. The program listens directly on the host, on every address and
    port that it opens.

    ## What you see
    ```
    Published ports are discarded when using host network mode
    ```

    Compose v2.40.3 prints nothing.

    ## Remedy
    Remove `ports` or `network_mode`.

    ## When to silence it
    If `ports` only documents the ports of the program.
    """
    for service in context.project.services:
        if service.network_mode == "host" and service.ports:
            yield report(
                service.ports[0].location,
                f"service '{service.name}': `ports` are discarded with `network_mode: host`",
            )
