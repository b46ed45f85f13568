"""A project -> the host names that its services are given, and those that the engine resolves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.model.lookup import entries_at, items_at, text_at
from bootready.model.position import Location
from bootready.model.project import EnvironmentEntry, Project, Service
from bootready.regex import regex
from bootready.typed import NamedTuple

_SERVERS = (
    "DB|DATABASE|POSTGRES(?:QL)?|PG|MYSQL|MARIADB|MONGO(?:DB)?|REDIS|VALKEY|CACHE|RABBITMQ|AMQP"
    "|KAFKA|MEMCACHED?|ELASTIC(?:SEARCH)?|OPENSEARCH|MINIO|NATS|MQTT|CLICKHOUSE|INFLUX(?:DB)?"
    "|QUEUE|BROKER"
)
_KEY = regex(rf"(?:^|_)(?:{_SERVERS})_?(?:HOST|HOSTNAME|HOST_NAME|SERVER|ADDR|ADDRESS)$")
_URL = regex(
    r"(?:[a-z][a-z0-9]*\+)?(?:postgres|postgresql|mysql|mariadb|mongodb|redis|rediss|valkey|amqp|amqps"
    r"|nats|kafka|mqtt|clickhouse)(?:\+\w+)?://(?:[^@/\s]*+@)?+([A-Za-z][\w-]*+)(?=:\d|[/?]|$)"
)
_HOST = regex(r"([A-Za-z][\w-]*)(?::\d+)?")
GATEWAY = "host.docker.internal"
_GATEWAY = regex(r"(?<![\w.-])(?:host|gateway)\.docker\.internal(?![\w.-])")


class Named(NamedTuple):
    """A host name that a service is given, and the variable that gives it."""

    name: str
    entry: EnvironmentEntry


def servers_named(service: Service) -> Iterator[Named]:
    """Yield the servers that variables of a service name by a single word: ``REDIS_HOST=cache``."""
    for entry in service.environment:
        found = _server_in(entry)
        if found:
            yield Named(found, entry)


def gateways_named(service: Service) -> Iterator[Location]:
    """Yield where a service is told to ask the host by the name that Docker Desktop gives it."""
    for entry in service.environment:
        if entry.value and _GATEWAY.search(entry.value):
            yield entry.location
    for key in ("command", "entrypoint"):
        words = service.command if key == "command" else service.entrypoint
        if words and any(_GATEWAY.search(word) for word in words):
            path = (*service.location.path, key)
            node = service.node.entries.get(key)
            yield Location(node.span if node else service.location.span, path)


def former_names(text: str, project: Project) -> Iterator[tuple[str, str]]:
    """Yield the container names of Compose v1 in `text`, ``shop_db_1``, each with its service."""
    names = "|".join(re.escape(service.name) for service in project.services)
    pattern = rf"(?<![\w.-])[a-z0-9][a-z0-9-]*_({names})_\d+(?![\w-])"
    for found in re.finditer(pattern, text) if names else ():
        yield found[0], found[1]


def names_in(project: Project) -> frozenset[str]:
    """Return every name that some service of the project may resolve, on whichever network."""
    names = {"", "localhost", *project.disabled}
    for service in project.services:
        names |= {service.name, service.container_name or "", text_at(service.node, "hostname")}
        names |= {alias for network in service.networks for alias in network.aliases}
        names |= {f"{project.name}-{service.name}-{number}" for number in range(1, 6)}
    return frozenset(names - {""})


def further_names(service: Service) -> set[str]:
    """Return the names that a service alone may resolve: its links and extra hosts."""
    names = set(extra_hosts(service))
    for key in ("links", "external_links"):
        for _, node in items_at(service.node, key):
            names |= set(str(getattr(node, "value", "")).split(":"))
    return names


def is_a_part(project: Project) -> bool:
    """Tell whether the files are no project of their own: a service has neither image nor build.

    Who writes that runs them with other files, which may give other names.
    """
    return any(
        service.image is None and service.build is None and "provider" not in service.node.entries
        for service in project.services
    )


def extra_hosts(service: Service) -> Iterator[str]:
    """Yield the names in `extra_hosts`."""
    for name, _ in entries_at(service.node, "extra_hosts"):
        yield name
    for _, node in items_at(service.node, "extra_hosts"):
        yield re.split(r"[=:]", str(getattr(node, "value", "")), maxsplit=1)[0]


def _server_in(entry: EnvironmentEntry) -> str:
    value = (entry.value or "").strip()
    if not value or "$" in value or value.count("@") > 1:
        return ""  # a password with an `@` in it: what follows is a part of it
    if _KEY.search(entry.name.upper()):
        found = _HOST.fullmatch(value)
        return found[1] if found else ""
    found = _URL.match(value)
    return found[1] if found else ""
