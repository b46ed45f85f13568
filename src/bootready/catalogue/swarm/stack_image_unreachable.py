"""An image that is built on this machine, which the nodes cannot pull."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.reported import losses_for


@check(
    summary="the nodes cannot pull an image that is built here",
    severity=Severity.WARNING,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
)
def stack_image_unreachable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds services with `build` whose image has no name in a registry.

    ## Why it matters
    A stack builds nothing. Every node that does not have the image rejects the task.

    ## What you see
    `No such image: shop-api:latest`

    ## Remedy
    Set `image` to a name in a registry of yours and run `docker compose build --push`, or load the
    image on every node.

    ## When to silence it
    If the swarm has one node, or every node gets the image in another way.
    """
    for loss in losses_for("stack-image-unreachable", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            consequence=loss.consequence,
            hint=loss.hint,
        )
