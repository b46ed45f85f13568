"""Services -> those that are members of one cluster, and those whose probes need each other.

In a swarm a task has a name only once its healthcheck passes (moby#35451): a probe that needs the
name of another member, or the member's consent, waits for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bootready.model.node import Plain
from bootready.model.project import Project, Service
from bootready.regex import regex
from bootready.swarm.hints import wishes_of
from bootready.typed import NamedTuple

_NUMBERED = regex(r"(.*?)[-_]?[0-9]{1,3}")
_CONSENT = regex(
    r"etcdctl\b.*\bendpoint health|etcdctl\b.*\b(?:get|put)\b|_cluster/health\b.*wait_for_status"
    r"|wsrep_(?:ready|cluster_status|local_state)|consul\b.*\b(?:operator raft|members)"
    r"|rabbitmq-diagnostics\b.*\bcheck_if_node_is_quorum|nodetool\b.*\bstatus|cluster_state:ok"
    r"|patronictl\b.*\blist|rs\.status\(\)|status/leader"
)
"""Probes that pass only when a majority of the members talk to each other."""
_HOST = (
    r"(?://|@|\s-h\s?|\s--host(?:name)?[ =]|getent\s+hosts\s+|/dev/tcp/"
    r"|\b(?:nc|ncat|ping|ping6|nslookup|dig|telnet)\s(?:[^|;&]*?\s)?){}(?=[\s:/\"']|$)"
)
"""How a probe says the name of a machine; a database may have the name of a service, too."""


class Members(NamedTuple):
    """The services of one cluster: of one image, numbered, each told the name of another."""

    services: tuple[Service, ...]


def clusters_of(project: Project) -> Iterator[Members]:
    """Yield the clusters of a project that have three members or more."""
    groups: dict[tuple[str, str], list[Service]] = {}
    for service in project.services:
        found = _NUMBERED.fullmatch(service.name)
        if found and service.image:
            groups.setdefault((found[1], service.image), []).append(service)
    for group in groups.values():
        if len(group) > 2 and all(_names_another(one, group) for one in group):
            yield Members(tuple(group))


def asks_for_consent(service: Service) -> bool:
    """Tell whether the healthcheck of `service` passes only once its cluster is there."""
    return _CONSENT.search(probe_of(service)) is not None


def probe_of(service: Service) -> str:
    """Return the command of the healthcheck that `service` has in a swarm, '' without one."""
    wished = wishes_of(service).healthcheck
    if wished is not None:
        return _words(wished.get("test"))
    check = service.healthcheck
    return "" if check is None or check.disabled else " ".join(check.test)


def waiting_for_ever(project: Project) -> Iterator[tuple[Service, tuple[str, ...]]]:
    """Yield services whose probe needs a name that exists once the probe has passed.

    With the way back to the service: its own name, or that of another one whose probe asks for it.
    """
    asked = {one.name: _asked_by(one, project) for one in project.services if probe_of(one)}
    for service in project.services:
        way = _way_back(service.name, asked)
        if way:
            yield service, way


def _way_back(name: str, asked: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the shortest way along `asked` from `name` to itself, without its start."""
    ways: list[tuple[str, ...]] = [(other,) for other in asked.get(name, ())]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        if way[-1] == name:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [(*way, other) for other in asked.get(way[-1], ())]
    return ()


def _asked_by(service: Service, project: Project) -> tuple[str, ...]:
    """Return the services whose names the probe of `service` has to resolve."""
    probe = f" {probe_of(service)}"
    found = []
    for other in project.services:
        names = {other.name, other.container_name or other.name}
        names |= {alias for one in other.networks for alias in one.aliases}
        if other is service:
            names -= {str(getattr(service.node.entries.get("hostname"), "value", ""))}
        if any(re.search(_HOST.format(re.escape(name)), probe) for name in sorted(names)):
            found.append(other.name)
    return tuple(found)


def _names_another(service: Service, group: list[Service]) -> bool:
    told = [one.value or "" for one in service.environment]
    told += [*(service.command or ()), *(service.entrypoint or ())]
    text = " ".join(told)
    return any(
        re.search(rf"(?<![\w.-]){re.escape(one.name)}(?![\w-])", text)
        for one in group
        if one is not service
    )


def _words(test: Plain) -> str:
    return " ".join(map(str, test)) if isinstance(test, list) else str(test or "")
