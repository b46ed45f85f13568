"""A secret or config that a swarm does not take: it is empty or too large."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.reported import losses_for


@check(
    summary="a swarm does not take a secret or config of this size",
    severity=Severity.ERROR,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
    proof="no Compose program deploys a stack: tests/engine/swarm asks a swarm",
)
def stack_secret_too_large(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the sizes of secrets and configs with what a swarm keeps: more than nothing, less than
    512,000 bytes for a secret and 1,024,000 for a config.

    ## Why it stops boot
    The manager refuses it, and the deployment ends with what was made before it.

    ## What you see
    `secret data must be larger than 0 and less than 512000 bytes`

    ## Remedy
    Put large files into the image or a volume, and give an empty one a content.

    ## When to silence it
    Never: the deployment fails.
    """
    for loss in losses_for("stack-secret-too-large", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            consequence=loss.consequence,
            hint=loss.hint,
        )
