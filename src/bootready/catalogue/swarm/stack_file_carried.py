"""A mounted file that travels with the stack instead."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.reported import losses_for


@check(
    summary="a mounted file travels with the stack",
    severity=Severity.NOTE,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
)
def stack_file_carried(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Names the read-only files of the project that become configs or secrets of the stack.

    ## Why it matters
    The nodes do not have the project's directory. A change of such a file reaches the service with
    the next deployment, not at once.

    ## Remedy
    Nothing is wrong. Deploy again after a change.

    ## When to silence it
    Whenever it is known.
    """
    for loss in losses_for("stack-file-carried", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            consequence=loss.consequence,
            hint=loss.hint,
        )
