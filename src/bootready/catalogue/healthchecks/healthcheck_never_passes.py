"""A healthcheck can never pass: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.process.constant import always_fails
from bootready.model.lookup import place_in


@check(
    summary="a healthcheck can never pass",
    severity=Severity.ERROR,
    looks_at=("service.healthcheck",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#healthcheck",
)
def healthcheck_never_passes(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for healthchecks that fail whatever the service does (`false`, `exit 1`, a comparison of
    two constant strings), and for an interval below one millisecond.

    ## Why it stops boot
    The service never becomes healthy, so services that wait for it never start, and
    `docker compose up --wait` fails.

    ## What you see
    ```
    container ft-a-1 is unhealthy
    Interval in Healthcheck cannot be less than 1ms
    ```

    ## Remedy
    Test that the service works, for example by a request to it.

    ## When to silence it
    If an override file that is not part of this check replaces the test.
    """
    for service in context.project.services:
        check = service.healthcheck
        if check is None or check.disabled:
            continue
        if always_fails(check.test):
            yield report(
                place_in(service, "healthcheck", "test"),
                f"service '{service.name}': healthcheck always fails",
            )
        for key, value in (
            ("interval", check.interval),
            ("timeout", check.timeout),
            ("start_period", check.start_period),
        ):
            if value is not None and 0 < value < 0.001:
                yield report(
                    place_in(service, "healthcheck", key),
                    f"service '{service.name}': healthcheck `{key}` must be at least 1 ms",
                )
