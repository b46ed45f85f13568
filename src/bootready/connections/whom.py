"""A host in an address, and the container that was given it -> the service that it means."""

from __future__ import annotations

import re
from collections import defaultdict

from bootready.model.connection import Means
from bootready.model.lookup import entries_at, items_at, text_at
from bootready.model.project import Project, Service
from bootready.regex import regex
from bootready.typed import NamedTuple

LOOPBACK = regex(
    r"localhost|127\.\d+\.\d+\.\d+|::1|ip6-localhost|localhost\.localdomain",
    needs=("localhost", "127.", "::1"),
)
GATEWAYS = frozenset(
    {"host.docker.internal", "gateway.docker.internal", "docker.for.mac.localhost"}
)
_ADDRESS = regex(r"\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:.]*")


class Names(NamedTuple):
    """Who answers to which name, by the name in small letters."""

    services: dict[str, Service]
    everywhere: dict[str, tuple[str, ...]]
    """Names that hold on every network of their service, and its fixed addresses."""
    aliases: dict[tuple[str, str], tuple[str, ...]]
    """Network and alias -> services."""
    project: str
    is_shared: bool = False
    """Whether a service has the network of another container."""


def names_of(project: Project) -> Names:
    """Return the names of all selected services."""
    everywhere: dict[str, dict[str, None]] = defaultdict(dict)
    aliases: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for service in project.services:
        for name in _own_names(service, project):
            everywhere[name.lower()][service.name] = None
        for one in service.networks:
            for alias in one.aliases:
                aliases[one.network, alias.lower()][service.name] = None
            for address in (one.ipv4_address, one.ipv6_address):
                if address:
                    everywhere[address.lower()][service.name] = None
    return Names(
        {service.name: service for service in project.services},
        {name: tuple(found) for name, found in everywhere.items()},
        {key: tuple(found) for key, found in aliases.items()},
        project.name,
        any(
            (service.network_mode or "").startswith(("service:", "container:"))
            for service in project.services
        ),
    )


def _own_names(service: Service, project: Project) -> list[str]:
    found = [service.name, service.container_name or "", text_at(service.node, "hostname")]
    if not service.container_name:
        old = project.variables.get("COMPOSE_COMPATIBILITY")
        sign = "_" if old is not None and old.value.lower() in {"1", "true"} else "-"
        found += [f"{project.name}{sign}{service.name}{sign}{one}" for one in range(1, 6)]
    domain = text_at(service.node, "domainname")
    found += [f"{found[2]}.{domain}"] if domain and found[2] else []
    return [name for name in found if name]


def namespace_of(service: Service, names: Names) -> str:
    """Return whose network a container has: a service's name, ``host``, ``none`` or ``''``.

    '' stands for one that is not known: that of a container outside of the project.
    """
    for _ in range(20):
        mode = service.network_mode or ""
        kind, _, other = mode.partition(":")
        if kind == "service" and other in names.services:
            service = names.services[other]
        elif kind == "container":
            means = names.everywhere.get(other.lower(), ())
            if not means:
                return ""
            service = names.services[means[0]]
        else:
            return kind if kind in {"host", "none"} else service.name
    return ""


def sees_others(service: Service, project: Project, names: Names) -> bool:
    """Tell whether names from outside of the project may be resolved for a service."""
    external = {network.key for network in project.networks if network.external}
    owner = names.services.get(namespace_of(service, names))
    return owner is None or any(one.network in external for one in owner.networks)


def neighbours_of(service: Service, names: Names) -> tuple[str, ...]:
    """Return the services that share a network namespace with this one, itself among them."""
    mine = namespace_of(service, names)
    if mine in {"", "none"} or (mine == service.name and not names.is_shared):
        return (service.name,)
    return tuple(name for name, one in names.services.items() if namespace_of(one, names) == mine)


def meant(host: str, service: Service, names: Names) -> tuple[Means, tuple[str, ...]]:
    """Return whom `host` means in a container of `service`."""
    name = host.lower().rstrip(".")
    if LOOPBACK.fullmatch(name):
        if namespace_of(service, names) == "host":
            return Means.HOST, ()
        return Means.ITSELF, neighbours_of(service, names)
    given = given_address(service, name)
    if given is not None:
        return _of_given(given, names)
    found = _by_name(name, service, names)
    if found:
        return Means.SERVICE, _with_joined(found, names)
    if name in GATEWAYS or name.startswith("172.17.0.1"):
        return Means.HOST, ()
    if "." in name or _ADDRESS.fullmatch(name):
        return Means.OUTSIDE, ()
    return Means.UNKNOWN, ()


def _with_joined(found: tuple[str, ...], names: Names) -> tuple[str, ...]:
    """Return the services that answer there: also those in the network of one that is named."""
    if len(found) > 1 or not names.is_shared:
        return found
    owner = names.services[found[0]]
    if namespace_of(owner, names) != owner.name:
        return found
    near = neighbours_of(owner, names)
    return (*found, *(name for name in near if name != owner.name))


def _by_name(name: str, service: Service, names: Names) -> tuple[str, ...]:
    """Return the services that have a name: by a link, on a network of one's own, or at all."""
    linked = _linked(service, names).get(name)
    if linked:
        return (linked,)
    own = _network_owner(service, names)
    for attachment in own.networks if own else ():
        if (attachment.network, name) in names.aliases:
            return names.aliases[attachment.network, name]
    if name in names.everywhere:
        return names.everywhere[name]
    first, _, network = name.partition(".")
    if network.startswith(f"{names.project}_") and first in names.everywhere:
        return names.everywhere[first]
    return next((who for (_, alias), who in names.aliases.items() if alias == name), ())


def nameless(host: str, client: Service, others: list[Service], names: Names) -> str:
    """Return why `host` means nobody for `client`, in words; '' where it means one of `others`.

    A name holds for a container that has a network of its own, and an alias on its network only.
    """
    name = host.lower().rstrip(".")
    if not others or name in _linked(client, names) or given_address(client, name) is not None:
        return ""
    other = others[0]
    if all(shared_networks(client, one, names) is False for one in others):
        return _unshared(client, other, names)
    owner = namespace_of(other, names)
    if name in names.everywhere and name[:1].isalpha():
        joined = (other.network_mode or "").startswith(("service:", "container:"))
        if len(others) == 1 and joined and owner in names.services:
            return f"which is in the network of '{owner}' and has no name there"
        return ""
    networks = [network for network, alias in names.aliases if alias == name]
    mine = {one.network for one in (_network_owner(client, names) or client).networks}
    if networks and mine.isdisjoint(networks):
        return f"which is called '{host}' on network '{networks[0]}' only"
    return ""


def _unshared(client: Service, other: Service, names: Names) -> str:
    why = ""
    if namespace_of(other, names) == "host":
        why = f": '{other.name}' is on the host's network, where it has no name"
    elif namespace_of(client, names) == "host":
        why = ": on the host's network no service has a name"
    return f"with which it has no network in common{why}"


def _network_owner(service: Service, names: Names) -> Service | None:
    return names.services.get(namespace_of(service, names))


def given_address(service: Service, name: str) -> str | None:
    """Return the address that `extra_hosts` or `external_links` give a name, or None."""
    for key, node in entries_at(service.node, "extra_hosts"):
        if key.lower() == name:
            return text_at(node) or next((text_at(one) for _, one in items_at(node)), "outside")
    for _, node in items_at(service.node, "extra_hosts"):
        host, _, address = re.sub("=", ":", text_at(node), count=1).partition(":")
        if host.lower() == name:
            return address or "outside"
    for _, node in items_at(service.node, "external_links"):
        container, _, alias = text_at(node).partition(":")
        if name in {container.lower(), alias.lower()}:
            return "outside"
    return None


def _of_given(address: str, names: Names) -> tuple[Means, tuple[str, ...]]:
    if address == "host-gateway" or address.startswith("172.17.0.1"):
        return Means.HOST, ()
    found = names.everywhere.get(address.lower(), ())
    return (Means.SERVICE, found) if found else (Means.OUTSIDE, ())


def _linked(service: Service, names: Names) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, node in items_at(service.node, "links"):
        other, _, alias = text_at(node).partition(":")
        if other in names.services:
            found[(alias or other).lower()] = other
    return found


def shared_networks(one: Service, other: Service, names: Names) -> bool | None:
    """Tell whether two services can reach each other by name; None where that is not known."""
    mine, theirs = namespace_of(one, names), namespace_of(other, names)
    if "" in {mine, theirs}:
        return None
    if mine == theirs:
        return True
    if {"host", "none"} & {mine, theirs}:
        return False
    left, right = names.services[mine], names.services[theirs]
    if left.network_mode or right.network_mode:
        # The default bridge has no names, but `links` gives them.
        return None if left.network_mode == right.network_mode else False
    return bool(_networks(left) & _networks(right))


def _networks(service: Service) -> set[str]:
    return {one.network for one in service.networks}
