"""A port is published on an address that this machine does not have."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.knowledge.engine.ports import first_address, is_everywhere
from bootready.model.lookup import items_at, text_at, value_at
from bootready.model.node import Scalar
from bootready.model.project import Project


@check(
    summary="a port is published on an address that this machine does not have",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    looks_at=("service.ports",),
    where=("port.address",),
    traits=Trait.NOT_FOR_SWARM,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ports",
)
def host_address_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the host address of published ports with the addresses of this machine. Addresses that
    a network of the project adds (its gateway) are assumed to exist. If the project itself may add
    addresses (a service with `network_mode: host` and the capability to do so), this is a warning.

    ## Why it stops boot
    The engine cannot bind the port: the container is created but does not start.

    ## What you see
    ```
    listen tcp4 10.255.255.1:18997: bind: cannot assign requested address
    ```

    ## Remedy
    Use 127.0.0.1 or an address of this machine; `ip -br address` lists them.

    ## When to silence it
    If the address moves between machines (keepalived) or is added by a VPN before the start.
    """
    own: set[str] | None = None
    for service in context.project.services:
        for port in service.ports:
            if is_everywhere(port.host_ip):
                continue
            own = own if own is not None else _addresses(context)
            if own and port.host_ip not in own:
                yield report(
                    port.location,
                    f"service '{service.name}': no interface on this machine has the address"
                    f" {port.host_ip}",
                    severity=Severity.WARNING if _may_come(context.project) else None,
                )


def _addresses(context: Context) -> set[str]:
    """Return what can be bound once the project's networks are made; nothing where all can be."""
    own = set(context.host.addresses())
    if not own or context.host.kernel_setting("net.ipv4.ip_nonlocal_bind") == "1":
        return set()
    for network in context.project.networks:
        for _, config in items_at(network.node, "ipam", "config"):
            gateway = text_at(config, "gateway")
            own.add(gateway or first_address(text_at(config, "subnet")))
    return own


def _may_come(project: Project) -> bool:
    for service in project.services:
        if text_at(service.node, "network_mode") == "host" and (
            value_at(service.node, "privileged") is True
            or any(
                isinstance(item, Scalar)
                and str(item.value) in {"NET_ADMIN", "CAP_NET_ADMIN", "ALL"}
                for _, item in items_at(service.node, "cap_add")
            )
        ):
            return True
    return False
