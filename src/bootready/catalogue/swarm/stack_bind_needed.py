"""A bind mount whose source has to exist on every node."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.reported import losses_for


@check(
    summary="a bind mount needs its source on every node",
    severity=Severity.WARNING,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
)
def stack_bind_needed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds bind mounts that do not travel with the stack: writable ones, and those of paths outside
    of the project.

    ## Why it matters
    Nothing creates the source on a node. A task on a node without it is rejected, and another node
    has other files there.

    ## What you see
    `invalid mount config for type "bind": bind source path does not exist: /srv/data`

    ## Remedy
    Mount files that are only read with `read_only: true`: they travel as configs. Keep data in a
    volume and pin the service to its node.

    ## When to silence it
    If the nodes have the path, such as `/var/run/docker.sock` or shared storage.
    """
    for loss in losses_for("stack-bind-needed", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            consequence=loss.consequence,
            hint=loss.hint,
        )
