"""A network names a driver that the engine does not have: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import place_below

BUILT_IN = frozenset({"default"})
"""A word for the engine's own choice, which it does not list."""


@check(
    summary="a network names a driver that the engine does not have",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("networks",),
    where=("networks.driver",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/networks/#driver",
)
def network_driver_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the `driver` of the networks that selected services join with the drivers that the
    engine lists. The driver `overlay` also needs an engine in Swarm mode.

    ## Why it stops boot
    The engine rejects the network, so no service that joins it starts.

    ## What you see
    ```
    failed to create network ft_n: Error response from daemon: plugin "NAME" not found
    This node is not a swarm manager
    ```

    ## Remedy
    Remove `driver` (`bridge` is the default), or install the plugin. `bootready fix --unsafe` makes
    networks with the driver `overlay` bridges of this machine; a stack is started by
    `bootready up --target swarm`.

    ## When to silence it
    If the plugin is installed only where the project is deployed.
    """
    info = context.engine.info()
    known = {driver.split(":")[0] for driver in info.network_drivers} | BUILT_IN
    for network in context.project.networks:
        driver = (network.driver or "").split(":")[0]
        if not driver or network.external or not network.used:
            continue
        place = place_below(network.node, network.location, "driver")
        if driver not in known:
            yield report(
                place,
                f"network '{network.key}': the engine has no driver '{network.driver}'",
                hint=f"one of: {', '.join(info.network_drivers)}",
            )
        elif driver == "overlay" and not info.swarm:
            yield report(
                place,
                f"network '{network.key}': driver 'overlay' needs Swarm mode, but the engine is"
                " not in a swarm",
                hint="leave `driver` out, or run docker swarm init and bootready up --target swarm",
            )
