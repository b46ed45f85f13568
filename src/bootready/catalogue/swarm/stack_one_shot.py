"""A service that runs once comes too early in a swarm, and is not started again."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.reported import losses_for


@check(
    summary="a swarm starts a service too early that is not started again",
    severity=Severity.WARNING,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
)
def stack_one_shot(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds services with `depends_on` and without a restart policy.

    ## Why it matters
    A swarm starts everything at once. A migration that finds no database fails, and without a
    restart policy that was its only run; what waits for its work never gets it.

    ## Remedy
    Set `restart: on-failure`, or `x-bootready: {swarm: {restart: on-failure}}` for the swarm alone.

    ## When to silence it
    If the program waits by itself for what it needs.
    """
    for loss in losses_for("stack-one-shot", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            consequence=loss.consequence,
            hint=loss.hint,
        )
