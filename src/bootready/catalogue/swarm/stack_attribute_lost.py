"""An attribute that no stack file can say: the service starts without it."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.losses import Kind
from bootready.swarm.reported import losses_for


@check(
    summary="a stack file loses an attribute",
    severity=Severity.WARNING,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
)
def stack_attribute_lost(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds attributes that have no counterpart in a stack file, such as `privileged`, `devices` and
    `security_opt`.

    ## Why it matters
    The client drops them with a warning that names no service, or silently. The service
    starts and is not the one that Compose starts.

    ## Remedy
    Do without it, or say it on the nodes: a default runtime, the profile of the engine, a label.

    ## When to silence it
    If the service works without it.
    """
    for loss in losses_for("stack-attribute-lost", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            severity=None if loss.kind is Kind.LOST else Severity.NOTE,
            consequence=loss.consequence,
            hint=loss.hint,
        )
