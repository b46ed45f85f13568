"""A restarting service has no healthcheck: found before boot, at its place."""

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
from bootready.check.pulls import image_of
from bootready.model.lookup import place_in


@check(
    summary="a restarting service has no healthcheck",
    severity=Severity.NOTE,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("service.restart",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#healthcheck",
)
def service_without_healthcheck(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for services with `restart: always` or `unless-stopped` that have a healthcheck neither in
    the project nor in the local image, or with `--registry` in that of the registry.

    ## Why it matters
    A crash loop looks healthy: the container is running whenever Compose looks at it.

    ## What you see
    `docker compose up --wait` reports `Healthy` and exits 0 while the container restarts forever.

    ## Remedy
    Add a healthcheck that fails if the service does not work.

    ## When to silence it
    If the service has no observable result, such as a log shipper.
    """
    for service in context.project.services:
        if service.restart not in {"always", "unless-stopped"}:
            continue
        if service.healthcheck is not None and not service.healthcheck.disabled:
            continue
        fact, source = image_of(context, service)
        if fact is None or not fact.healthcheck:
            yield report(
                place_in(service, "restart"),
                f"service '{service.name}': restarts forever and has no healthcheck",
                consequence=source,
            )
