"""An attribute has no place in a stack file: what is said otherwise, and what cannot be said."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.losses import Kind
from bootready.swarm.reported import losses_for


@check(
    summary="a stack file cannot say it, or says it otherwise",
    severity=Severity.ERROR,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
    proof="no Compose program deploys a stack: tests/engine/swarm asks a swarm",
)
def stack_attribute_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the resolved project with what `docker stack deploy` reads. What it would refuse and
    `bootready stack` says in other words is a note; what no stack file can say is an error.

    ## Why it stops boot
    `docker stack deploy` refuses the file at the first attribute that it does not know, or starts a
    service that is not the one that Compose starts.

    ## What you see
    `services.web Additional property cpus is not allowed`, one at a time.

    ## Remedy
    Deploy what `bootready stack` prints, and follow the hint of each error.

    ## When to silence it
    If the service is not deployed to the swarm.
    """
    for loss in losses_for("stack-attribute-refused", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            severity=None if loss.kind is Kind.REFUSED else Severity.NOTE,
            consequence=loss.consequence,
            hint=loss.hint,
        )
