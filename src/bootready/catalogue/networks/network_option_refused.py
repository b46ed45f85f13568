"""The driver of a network refuses an option: found before boot, at its place."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.check.elsewhere import is_elsewhere
from bootready.knowledge.engine.network_options import refused_option, refused_parent
from bootready.model.lookup import entries_at, place_below, text_at, value_at
from bootready.model.node import Node
from bootready.model.project import Network

_Fault = tuple[tuple[str | int, ...], str]
"""The place below the network, and what is wrong there."""


@check(
    summary="the driver of a network refuses an option",
    severity=Severity.ERROR,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("networks",),
    mentions=("driver_opts", "aux_addresses"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/networks/#driver_opts",
)
def network_option_refused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads the `driver_opts` of networks. For `bridge`: the MTU, the interface name, the address for
    published ports and the boolean options. For `macvlan` and `ipvlan`: the mode and the `parent`,
    which must be an interface of this machine. All `aux_addresses` must be in the subnet.

    ## Why it stops boot
    The engine does not create the network, so no service that joins it starts.
    `docker compose config` accepts it.

    ## What you see
    ```
    failed to parse com.docker.network.driver.mtu value: "big"
    parent interface was not found on the host
    auxiliary address must belong to the master pool
    ```

    ## Remedy
    Use a value of the kind that the message names; `ip -br link` lists the interfaces.

    ## When to silence it
    If the interface exists only where the project is deployed. Better: take its name from a
    variable.

    ## Known limits
    `parent` is not checked if the engine runs on another machine or is rootless, because it then
    has other interfaces.
    """
    for network in context.project.networks:
        if network.external or not network.used:
            continue
        for path, words in (*_options(network, context, report), *_outside(network)):
            place = place_below(network.node, network.location, *path)
            yield report(place, f"network '{network.key}': {words}")


def _options(network: Network, context: Context, report: Report) -> Iterator[_Fault]:
    driver = network.driver or "bridge"
    for key, node in entries_at(network.node, "driver_opts"):
        value = text_at(node)
        words = "" if "$" in value else refused_option(driver, key, value)
        if key == "parent" and driver in {"macvlan", "ipvlan"}:
            words = refused_parent(value, _interfaces(context, report))
        if words:
            yield ("driver_opts", key), f"`{key}` is '{value}', {words}"


def _interfaces(context: Context, report: Report) -> Sequence[str]:
    """Return the interfaces that the engine has, none where they are not those of this machine."""
    engine = context.engine
    if is_elsewhere(context) or (engine.reachable and engine.info().rootless):
        report.unseen("the engine does not use the network interfaces of this machine")
        return ()
    return context.host.entries("/sys/class/net")


def _outside(network: Network) -> Iterator[_Fault]:
    """Yield the reserved addresses that are not in the subnet of their pool."""
    for index, subnet in enumerate(network.subnets):
        where = ("ipam", "config", index, "aux_addresses")
        for name, node in entries_at(network.node, *where):
            if not _within(node, subnet):
                yield (
                    (*where, name),
                    f"`aux_addresses` has {value_at(node)}, which is not in {subnet}",
                )


def _within(node: Node, subnet: str) -> bool:
    """Tell whether an address is in a subnet; what is neither is found elsewhere."""
    try:
        return ip_address(text_at(node)) in ip_network(subnet, strict=False)
    except ValueError:
        return True
