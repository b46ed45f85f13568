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
from bootready.model.lookup import place_in

BUILT_IN = frozenset({"bridge", "host", "none", "default", "nat"})
"""Modes that are no networks of a person's own."""


@check(
    summary="an external network does not exist",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("networks", "service.network_mode"),
    where=("networks.external", "service.network_mode"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/networks/#external",
)
def external_network_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Asks the engine for every network with `external: true` that a selected service joins, and for
    the network that `network_mode` names.

    ## Why it stops boot
    Compose does not create external networks, so `docker compose up` stops before it creates a
    container.

    ## What you see
    ```
    network n declared as external, but could not be found
    ```

    ## Remedy
    Create the network: `docker network create NAME`. `bootready prepare` does that.

    ## When to silence it
    If another project or a deployment tool creates the network before this project starts.
    """
    known = set(context.engine.networks())
    for network in context.project.networks:
        unknown = network.name not in known and "$" not in network.name  # an unset variable
        if network.external and network.used and unknown:
            yield report(
                network.location.labelled("the engine has no such network"),
                f"network '{network.key}': external network '{network.name}' does not exist",
                hint=f"docker network create {network.name}",
                varies=network.name,
                remedy=_created(network.name),
            )
    for service in context.project.services:
        name = service.network_mode or ""
        if name and name not in BUILT_IN and ":" not in name and name not in known:
            yield report(
                place_in(service, "network_mode").labelled("the engine has no such network"),
                f"service '{service.name}': network '{name}' does not exist",
                hint=f"docker network create {name}",
                remedy=_created(name),
            )


def _created(name: str) -> Remedy:
    from bootready.model.action import CreateNetwork

    return Remedy(f"creates the network {name}", Safety.SAFE, (CreateNetwork(name),))
