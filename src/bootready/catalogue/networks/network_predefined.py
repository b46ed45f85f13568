"""A predefined network of the engine is joined by name or created again."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    check,
)
from bootready.knowledge.engine.values import NETWORK_MODES
from bootready.model.lookup import place_below

_SINGLE = frozenset({"host", "null"})
"""Drivers of which the engine has one network, and makes no other."""


@check(
    summary="a predefined network of the engine is joined by name or created again",
    severity=Severity.ERROR,
    looks_at=("networks",),
    mentions=("bridge", "default", "host", "none", "null"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#network_mode",
)
def network_predefined(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for networks named `bridge`, `host` or `none`, external or not, for networks named
    `default`, and for networks with the driver `host` or `null`, which every engine has exactly
    once.

    ## Why it stops boot
    Compose gives every service an alias on its networks, which the engine supports only on
    user-defined networks. A second network with these drivers is rejected.

    ## What you see
    ```
    network-scoped alias is supported only for containers in user defined networks
    only one instance of "host" network is allowed
    ```

    ## Remedy
    Set `network_mode: host` (or `bridge`, `none`) in the service, and remove `networks`.

    ## When to silence it
    Never: the engine always rejects it.
    """
    for network in context.project.networks:
        if not network.used:
            continue
        named = network.name in NETWORK_MODES
        if named or (network.name == "default" and not network.external):
            yield report(
                place_below(network.node, network.location, "name"),
                f"network '{network.key}': '{network.name}' is predefined by the engine,"
                " and services cannot join it by name",
                hint=f"set `network_mode: {network.name}` in the service"
                if named
                else "use another `name`",
            )
        elif network.driver in _SINGLE and not network.external:
            mode = "none" if network.driver == "null" else network.driver
            yield report(
                place_below(network.node, network.location, "driver"),
                f"network '{network.key}': the engine allows only one network"
                f" with driver '{network.driver}'",
                hint=f"set `network_mode: {mode}` in the service",
            )
