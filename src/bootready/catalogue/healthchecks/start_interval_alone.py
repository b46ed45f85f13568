"""A healthcheck has a `start_interval` without a `start_period`: found before boot."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_in, text_at


@check(
    summary="a healthcheck has a `start_interval` without a `start_period`",
    severity=Severity.ERROR,
    looks_at=("service.healthcheck",),
    mentions=("start_interval",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#healthcheck",
)
def start_interval_alone(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `start_interval` in healthchecks that have no `start_period`.

    ## Why it stops boot
    Compose does not create the container. `docker compose config` accepts it.

    ## What you see
    ```
    healthcheck.start_interval requires healthcheck.start_period to be set
    ```

    ## Remedy
    Set how long the service may take to start: `start_period: 30s`.

    ## When to silence it
    Never: Compose always rejects it.
    """
    for service in context.project.services:
        probe = service.healthcheck
        if probe is None or probe.disabled or probe.start_period:
            continue
        if text_at(service.node, "healthcheck", "start_interval") not in {"", "0s"}:
            yield report(
                place_in(service, "healthcheck", "start_interval"),
                f"service '{service.name}': `start_interval` needs a `start_period`",
                hint="set `start_period: 30s`",
            )
