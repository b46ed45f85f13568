"""An external network does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Remedy,
    Report,
    Safety,
    Severity,
    check,
)
from bootready.model.action import CreateNetwork


@check(
    summary="an external network does not exist",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("networks",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/networks/#external",
)
def external_network_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Asks the engine for every network with `external: true` that a selected service is attached
    to.

    ## Why it stops boot
    `docker compose up` stops: network declared as external, but could not be found.

    ## Remedy
    Creates the network.
    """
    known = set(context.engine.networks())
    for network in context.project.networks:
        if network.external and network.used and network.name not in known:
            yield report(
                network.location.labelled("the engine has no such network"),
                f"network '{network.key}': external network '{network.name}' does not exist",
                hint=f"docker network create {network.name}",
                remedy=Remedy(
                    f"creates the network {network.name}",
                    Safety.SAFE,
                    (CreateNetwork(network.name),),
                ),
            )
