"""The networks of a project and of its services -> those of a stack file."""

from __future__ import annotations

from collections.abc import Iterable

from bootready.model.lookup import at, entries_at, items_at, text_at
from bootready.model.node import Mapping, Plain, plain
from bootready.model.project import Network, Project, Service
from bootready.swarm.losses import Teller

_PREDEFINED = ("host", "bridge")
"""The networks that every node has; services may use them as external ones."""
_OVERLAYS = {None, "", "bridge", "default", "overlay"}
_OVERLAY_OPTIONS = ("encrypted", "com.docker.network.driver.")
_LOST = {
    "ipv4_address": "the task gets an address of the network's choice",
    "ipv6_address": "the task gets an address of the network's choice",
    "mac_address": "the task gets an address of the network's choice",
    "link_local_ips": "the task has no link-local address",
    "driver_opts": "the network's own options hold",
    "gw_priority": "the network of the default route is the engine's choice",
    "priority": "the order of the networks is the engine's choice",
    "interface_name": "the name of the interface is the engine's choice",
}
_LOST_OF_POOL = {
    "gateway": "the gateway is the network's choice",
    "ip_range": "addresses come from the whole subnet",
    "aux_addresses": "these addresses may be given to tasks",
}


def network_of(network: Network, project: Project, teller: Teller) -> dict[str, Plain]:
    """Return one network of the top level; what is different is told to `teller`."""
    if network.external:
        if network.name not in _PREDEFINED:
            teller.needed(
                (),
                f"has to exist in the swarm as '{network.name}'",
                "the deployment is refused without it",
                "stack-object-needed",
                f"docker network create --driver overlay --attachable {network.name}",
            )
        return {"external": True, "name": network.name}
    made: dict[str, Plain] = {"driver": network.driver or "overlay"}
    if network.driver in _OVERLAYS:
        made["driver"] = "overlay"
        if network.driver and network.driver != "overlay":
            teller.converted(("driver",), "{} becomes overlay, which reaches every node")
    else:
        teller.refused(
            ("driver",),
            f"has the driver '{network.driver}', which a stack cannot make for several nodes",
            "the deployment fails, unless the driver has the scope of the swarm",
            "create it yourself and declare it `external: true`",
        )
    if network.name != f"{project.name}_{network.key}":
        made["name"] = network.name
    made["attachable"] = True
    node = network.node
    if plain_at(node, "internal"):
        made["internal"] = True
    if plain_at(node, "labels"):
        made["labels"] = plain_at(node, "labels")
    _options(node, made, teller)
    _pools(node, made, teller)
    for key in ("enable_ipv6", "enable_ipv4"):
        if plain_at(node, key) is (key == "enable_ipv6"):
            words = "has IPv4 addresses only" if key == "enable_ipv6" else "has IPv4 addresses"
            teller.lost((key,), "a stack file cannot say {}", f"the network {words}")
    return made


def plain_at(node: Mapping, *keys: str | int) -> Plain:
    """Return the value at `keys` without places, None where there is none."""
    found = at(node, *keys)
    return None if found is None else plain(found)


def _options(node: Mapping, made: dict[str, Plain], teller: Teller) -> None:
    kept: dict[str, Plain] = {}
    for name, value in entries_at(node, "driver_opts"):
        if name.startswith(_OVERLAY_OPTIONS):
            kept[name] = plain(value)
        else:
            teller.lost(
                ("driver_opts", name),
                "an overlay does not have {}",
                "the network has its defaults",
            )
    if kept:
        made["driver_opts"] = kept


def _pools(node: Mapping, made: dict[str, Plain], teller: Teller) -> None:
    subnets: list[Plain] = []
    for index, pool in items_at(node, "ipam", "config"):
        subnet = text_at(pool, "subnet")
        if subnet:
            subnets.append({"subnet": subnet})
        for key, consequence in _LOST_OF_POOL.items():
            if at(pool, key) is not None:
                place = ("ipam", "config", index, key)
                teller.lost(place, "a stack file cannot say {}", consequence)
    driver = text_at(node, "ipam", "driver")
    ipam: dict[str, Plain] = {"driver": driver} if driver and driver != "default" else {}
    if subnets:
        ipam["config"] = subnets
    if at(node, "ipam", "options") is not None:
        words = "the driver of addresses has its own options"
        teller.lost(("ipam", "options"), "a stack file cannot say {}", words)
    if ipam:
        made["ipam"] = ipam


def predefined_of(service: Service) -> str:
    """Return the network of the node that a service is in instead of its own, or ''."""
    return service.network_mode if service.network_mode in _PREDEFINED else ""


def alone(service: Service) -> str:
    """Return the key of the network of a service that is in none: no stack file can say that."""
    return f"{service.name}-alone"


def attachments_of(service: Service, extra: Iterable[str], teller: Teller) -> dict[str, Plain]:
    """Return the `networks` of a service, with `extra` aliases on each of them."""
    made: dict[str, Plain] = {}
    mode = service.network_mode or ""
    if mode == "none":
        what = "{} becomes a network of its own without a way out"
        teller.converted(("network_mode",), what, check="stack-attribute-lost")
        return {alone(service): None}
    if predefined_of(service):
        what = f"{{}} becomes the network '{mode}' of the node"
        teller.converted(("network_mode",), what, check="stack-attribute-lost")
        return {mode: None}
    if mode:
        teller.refused(
            ("network_mode",),
            f"shares the network of {mode.replace(':', ' ', 1)}, which no stack file can say",
            "it has a network of its own: `localhost` is another one, and so is the way out",
            "let the services talk over a network, or keep both on one machine with Compose",
        )
    for attachment in service.networks:
        aliases = list(dict.fromkeys((*attachment.aliases, *extra)))
        made[attachment.network] = {"aliases": [*aliases]} if aliases else None
        node = at(service.node, "networks", attachment.network)
        for key, consequence in _LOST.items():
            if at(node, key) is not None:
                place = ("networks", attachment.network, key)
                teller.lost(place, "a stack file cannot say {}", consequence)
    return made
