"""A host name that nobody resolves -> the service that was meant, or why it cannot be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.boot.diagnose.signatures import matches
from bootready.model.near import nearest
from bootready.model.position import Location
from bootready.model.project import EnvironmentEntry, Project, Service
from bootready.regex import regex

_HOST_KEY = regex(r"(HOST|HOSTNAME|URL|URI|DSN|ADDR|ADDRESS|SERVERS?|ENDPOINT|BROKERS?)$")
_IN_VALUE = regex(
    r"(?:\w+://(?:[^@/\s]*@)?)?(?P<host>[A-Za-z][\w-]*(?:\.[\w-]+)*)(?::\d+)?(?:[/?].*)?"
)


@symptom(summary="a name cannot be resolved on any network of the service", rank=39)
def name_unknown(evidence: Evidence) -> Explanation | None:
    """The engine's name server knows the services that run on a network of the asking one. A name
    that it does not know is misspelt, on another network, in an inactive profile, or not up yet.
    Where the program does not say which name it asked for, its environment does.
    """
    service = evidence.service
    if service is None or not evidence.died:
        return None
    told = next((one for one in map(_unknown, reversed(evidence.log)) if one is not None), None)
    if told is None:
        return None
    line, name = told
    place = attribute(service, "environment", "networks", "command")
    if not name:
        entry = next(_suspects(evidence), None)
        if entry is None:
            return None
        name, place = _host_of(entry), entry.location
    cause, remedy, better = _meant(evidence, service, name)
    entry = next((one for one in service.environment if _host_of(one) == name), None)
    return Explanation(
        headline=f"exited with {evidence.exit_code}: it cannot resolve the host name '{name}'",
        cause=cause,
        remedy=remedy,
        location=better or (entry.location if entry else place),
        evidence=(f"log [name-not-resolved]: {line.strip()}",),
    )


def _unknown(line: str) -> tuple[str, str] | None:
    """Return a line that speaks of an unknown host, and the name if it says one."""
    found = next(iter(matches(line)), None)
    if found is None or found.kind != "unknown-host":
        return None
    return line, found.values.get("host", "").rstrip(".")


def _suspects(evidence: Evidence) -> Iterator[EnvironmentEntry]:
    """Yield the variables that name a host which is no service of the project."""
    known = {name for service in evidence.project.services for name in _names_of(service)}
    for entry in evidence.service.environment if evidence.service else ():
        host = _host_of(entry)
        if host and host not in known and host != "localhost":
            yield entry


def _host_of(entry: EnvironmentEntry) -> str:
    if not entry.value or _HOST_KEY.search(entry.name) is None:
        return ""
    found = _IN_VALUE.fullmatch(entry.value.strip())
    return found["host"] if found else ""


def _meant(evidence: Evidence, service: Service, name: str) -> tuple[str, str, Location | None]:
    """Return the cause, the remedy, and a place that is better than the usual one, if any."""
    project = evidence.project
    if name in {"host.docker.internal", "gateway.docker.internal"}:
        return (
            "Docker Desktop gives the host that name, an engine on Linux does not",
            f'add `extra_hosts: ["{name}:host-gateway"]`; 127.0.0.1 of the host is not reached',
            None,
        )
    other = next((one for one in project.services if name in _names_of(one)), None)
    if other is not None and other.name != service.name:
        shared = _networks(service) & _networks(other)
        if not shared:
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
    former = re.fullmatch(r"[a-z0-9-]+_(.+)_\d+", name)
    if former is not None and project.service(former[1]) is not None:
        return (
            f"'{name}' is how Compose v1 called a container of service '{former[1]}'",
            f"write '{former[1]}' instead of '{name}'",
            None,
        )
    close = nearest(name, _all_names(project))
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
