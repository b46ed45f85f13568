"""A network with IPv6 has no IPv6 subnet, and the engine does not choose one."""

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
from bootready.knowledge.engine.features import version_of
from bootready.model.lookup import place_below, value_at

_CHOOSES = (27,)
"""The first engine that chooses an IPv6 subnet by itself."""


@check(
    summary="a network with IPv6 has no IPv6 subnet, and the engine does not choose one",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("networks",),
    mentions=("enable_ipv6",),
    since="0.1.0",
    reference="https://docs.docker.com/engine/daemon/ipv6/",
)
def ipv6_subnet_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `enable_ipv6: true` without an IPv6 subnet, on an engine before version 27 whose
    default address pools have no IPv6 range.

    ## Why it stops boot
    The engine does not create the network, so no service that joins it starts.

    ## What you see
    ```
    could not find an available, non-overlapping IPv6 address pool among the defaults
    ```

    ## Remedy
    Set a subnet in `ipam.config`, such as `subnet: fd00:1::/64`, or update the engine.

    ## When to silence it
    If the machine that boots the project has a newer engine or an IPv6 pool.

    ## Sources
    - <https://docs.docker.com/engine/daemon/ipv6/>
    """
    engine = version_of(context.engine.version)
    pools = context.engine.info().address_pools
    if not engine or engine >= _CHOOSES or any(":" in pool for pool in pools):
        return
    for network in context.project.networks:
        if (
            network.external
            or not network.used
            or value_at(network.node, "enable_ipv6") is not True
        ):
            continue
        if not any(":" in subnet for subnet in network.subnets):
            yield report(
                place_below(network.node, network.location, "enable_ipv6"),
                f"network '{network.key}': `enable_ipv6` without a subnet of IPv6,"
                f" which engine {context.engine.version} does not choose",
                hint="set `subnet: fd00:1::/64` in `ipam.config`",
            )
