"""A host name that nobody resolves -> the service that was meant, or why it cannot be seen."""

from __future__ import annotations

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.boot.diagnose.signatures import matches
from bootready.check.hosts import former_names
from bootready.connections.find import connections_of
from bootready.connections.likely import likely_meant
from bootready.connections.reach import is_read_by_program
from bootready.connections.servers import servers_of
from bootready.connections.whom import GATEWAYS, Names, meant, names_of, shared_networks
from bootready.host.local import LocalHost
from bootready.model.connection import Connection, Means
from bootready.model.near import nearest
from bootready.model.position import Location
from bootready.model.project import Project, Service


@symptom(summary="a name cannot be resolved on any network of the service", rank=39)
def name_unknown(evidence: Evidence) -> Explanation | None:
    """The engine's name server knows the services that run on a network of the asking one. A name
    that it does not know is misspelt, on another network, in an inactive profile, or not up yet.
    Where the program does not say which name it asked for, the addresses that it was given do.
    """
    service = evidence.service
    if service is None or not evidence.died:
        return None
    told = next((one for one in map(_unknown, reversed(evidence.log)) if one is not None), None)
    if told is None:
        return None
    line, name = told
    names = names_of(evidence.project)
    one = _given(evidence, service, names, name.lower())
    name = name or (one.host if one else "")
    if not name:
        return None
    cause, remedy, better = _meant(evidence, service, names, name, one)
    return Explanation(
        headline=f"exited with {evidence.exit_code}: it cannot resolve the host name '{name}'",
        cause=cause,
        remedy=remedy,
        location=better or (one.location if one else _place(service, name)),
        evidence=(f"log [name-not-resolved]: {line.strip()}",),
    )


def _unknown(line: str) -> tuple[str, str] | None:
    """Return a line that speaks of an unknown host, and the name if it says one."""
    found = next(iter(matches(line)), None)
    if found is None or found.kind != "unknown-host":
        return None
    return line, found.values.get("host", "").rstrip(".")


def _given(evidence: Evidence, service: Service, names: Names, name: str) -> Connection | None:
    """Return the address with that name; with '' the first one whose name is unknown."""
    for one in connections_of(evidence.project, LocalHost()).found:
        if one.service != service.name or not is_read_by_program(one):
            continue
        if one.host.lower() == name if name else _is_suspect(one, service, names):
            return one
    return None


def _is_suspect(one: Connection, service: Service, names: Names) -> bool:
    if one.means is Means.SERVICE:
        others = [names.services[target] for target in one.targets]
        return all(shared_networks(service, other, names) is False for other in others)
    return one.means in {Means.UNKNOWN, Means.OUTSIDE} and not one.host[-1:].isdigit()


def _place(service: Service, name: str) -> Location | None:
    """Return the variable that has the name somewhere in it, or where one could stand."""
    word = rf"(?i)(?<![\w.-]){re.escape(name)}(?![\w-])"
    for entry in service.environment:
        if entry.value and re.search(word, entry.value):
            return entry.location
    return attribute(service, "environment", "networks", "command")


def _meant(
    evidence: Evidence, service: Service, names: Names, name: str, one: Connection | None
) -> tuple[str, str, Location | None]:
    """Return the cause, the remedy, and a place that is better than the usual one, if any."""
    project = evidence.project
    if name in GATEWAYS:
        return (
            "Docker Desktop gives the host that name, an engine on Linux does not",
            f'add `extra_hosts: ["{name}:host-gateway"]`; 127.0.0.1 of the host is not reached',
            None,
        )
    _, targets = meant(name, service, names)
    other = names.services[targets[0]] if targets else service
    if other.name != service.name:
        if shared_networks(service, other, names) is False:
            return (
                f"'{service.name}' is on {_spoken(service)}, and '{name}' on {_spoken(other)}",
                f"put both on one network: extend `networks` of '{service.name}'",
                attribute(service, "networks"),
            )
        return (
            f"service '{other.name}' did not run when '{service.name}' asked for it",
            f"let '{service.name}' wait: `depends_on` with `condition: service_healthy`",
            attribute(service, "depends_on"),
        )
    if name in project.disabled:
        return (
            f"service '{name}' belongs to a profile that is not active",
            f"activate it (--profile), or give '{service.name}' another host",
            None,
        )
    former = next(former_names(name, project), None)
    if former is not None:
        return (
            f"'{name}' is how Compose v1 called a container of service '{former[1]}'",
            f"write '{former[1]}' instead of '{name}'",
            None,
        )
    likely = likely_meant(one, servers_of(project), project.name, surely=False) if one else None
    close = [likely.service.name] if likely else nearest(name, _all_names(project))
    if close:
        return (
            f"service '{name}' does not exist, but '{close[0]}' does",
            f"write '{close[0]}' instead of '{name}'",
            None,
        )
    return (
        f"no service of the project is called '{name}', and no name server resolves it",
        f"correct the name, or add '{name}' to the project (or to `extra_hosts`)",
        None,
    )


def _all_names(project: Project) -> set[str]:
    return {name for service in project.services for name in _names_of(service)}


def _names_of(service: Service) -> set[str]:
    aliases = {alias for network in service.networks for alias in network.aliases}
    return {service.name, *aliases, *([service.container_name] if service.container_name else [])}


def _networks(service: Service) -> set[str]:
    return {network.network for network in service.networks}


def _spoken(service: Service) -> str:
    return ", ".join(sorted(_networks(service))) or service.network_mode or "none"
