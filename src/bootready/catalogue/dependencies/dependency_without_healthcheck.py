"""A service waits for the health of a dependency that has no healthcheck."""

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
from bootready.model.project import Service


@check(
    summary="a service waits for the health of a dependency that has no healthcheck",
    severity=Severity.ERROR,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("service.depends_on",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#depends_on",
)
def dependency_without_healthcheck(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `condition: service_healthy` on services that have a healthcheck neither in the
    project nor in the image: the local one, with `--registry` that of the registry, or a public one
    that is known.

    ## Why it stops boot
    Compose stops as soon as the dependency runs, with half of the stack started.
    `docker compose config` accepts the project.

    ## What you see
    ```
    dependency failed to start: container ft-b-1 has no healthcheck configured
    ```

    ## Remedy
    Give the dependency a healthcheck, or wait for `service_started`. For known images
    `bootready fix` writes the healthcheck.

    ## When to silence it
    If the image has a healthcheck but is not on this machine, so that it cannot be examined.
    """
    services = {service.name: service for service in context.project.services}
    for service in context.project.services:
        for dependency in service.depends_on:
            other = services.get(dependency.service)
            if dependency.condition != "service_healthy" or other is None:
                continue
            check = other.healthcheck
            if (
                check is not None
                and not check.disabled
                and (check.test or _in_image(context, other))
            ):
                continue
            if check is None and _in_image(context, other):
                continue
            yield report(
                dependency.location,
                f"service '{service.name}': waits for '{other.name}' to become healthy, but"
                f" '{other.name}' has no healthcheck",
                related=[other.location.labelled("this service")],
                consequence=image_of(context, other)[1],
            )


def _in_image(context: Context, service: Service) -> bool:
    if not service.image:
        return service.build is not None
    fact, _ = image_of(context, service)
    if fact is not None:
        return fact.healthcheck
    return service.build is not None or not _known_without(service.image)


def _known_without(image: str) -> bool:
    """Tell whether a public image that is not here is known to have no healthcheck."""
    from bootready.knowledge.images.names import family_of

    if family_of(image) is None:
        return False
    from bootready.knowledge.images.known import known_image

    known = known_image(image)
    return known is not None and known.contents().healthcheck == "none" and not known.care
