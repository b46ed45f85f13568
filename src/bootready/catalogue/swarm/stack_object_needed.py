"""A network, secret or config has to exist in the swarm before the deployment."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.reported import losses_for


@check(
    summary="a stack needs something that has to be created first",
    severity=Severity.NOTE,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
)
def stack_object_needed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Lists external networks, secrets and configs, and those whose content is in the Compose file or
    in a variable: a stack file can only name them.

    ## Why it matters
    `docker stack deploy` refuses the stack while one of them is missing.

    ## Remedy
    Create it with the command of the hint; secrets by standard input, never as an argument.

    ## When to silence it
    If it exists in the swarm.
    """
    for loss in losses_for("stack-object-needed", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            consequence=loss.consequence,
            hint=loss.hint,
        )
