"""A port that Compose keeps on one address is open on every address of a node."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.swarm.reported import losses_for


@check(
    summary="a swarm opens a port that Compose keeps on one address",
    severity=Severity.WARNING,
    needs=(Needs.SWARM, Needs.HOST),
    since="0.2.0",
    reference="https://docs.docker.com/engine/swarm/stack-deploy/",
)
def stack_port_exposed(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds ports that are published on one address of the host, such as `127.0.0.1`.

    ## Why it matters
    A swarm has no such thing: it publishes the port on every address. A database that Compose kept
    on the machine itself is then open to everybody who can reach the node (moby#32299).

    ## What you see
    `ignoring IP-address (127.0.0.1:5432:5432/tcp) service will listen on '0.0.0.0'`

    ## Remedy
    Leave the port out if only other services use it: they reach it by the name of the service.

    ## When to silence it
    If a firewall of the nodes closes the port.
    """
    for loss in losses_for("stack-port-exposed", context.project, context.host):
        yield report(
            loss.location,
            loss.message,
            consequence=loss.consequence,
            hint=loss.hint,
        )
