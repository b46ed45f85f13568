"""The labels of a service, and variables that proxies read -> the port that a proxy asks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bootready.knowledge.images.names import family_of, parts_of
from bootready.model.lookup import place_in
from bootready.model.position import Location
from bootready.model.project import Project, Service
from bootready.regex import regex
from bootready.typed import NamedTuple

_TRAEFIK = regex(
    r"traefik\.(?:http|tcp|udp)\.services\.[^.]+\.loadbalancer\.server\.port", re.IGNORECASE
)
_UPSTREAMS = regex(r"\{\{\s*upstreams(?:\s+[a-z]+)?\s+(\d{1,5})\s*\}\}")


class Asked(NamedTuple):
    """A port that a proxy asks of the service that says so; `proxy` is '' where it is outside."""

    proxy: str
    port: int
    scheme: str
    name: str
    location: Location


def asked_of(service: Service, proxies: dict[str, str]) -> Iterator[Asked]:
    """Yield what the labels and variables of a service tell a proxy to ask of it."""
    for name, value in service.labels.items():
        if _TRAEFIK.fullmatch(name) and value.isdigit() and len(value) < 6:
            scheme = service.labels.get(re.sub(r"(?i)port$", "scheme", name), "")
            place = place_in(service, "labels", name)
            yield Asked(proxies.get("traefik", ""), int(value), scheme, name, place)
        elif name.startswith("caddy"):
            found = _UPSTREAMS.search(value)
            if found:
                place = place_in(service, "labels", name)
                yield Asked(proxies.get("caddy", ""), int(found[1]), "", name, place)
    named = {entry.name: entry for entry in service.environment}
    port = named.get("VIRTUAL_PORT")
    if "VIRTUAL_HOST" in named and port and port.value and port.value.isdigit():
        yield Asked(proxies.get("nginx-proxy", ""), int(port.value), "", port.name, port.location)


def proxies_of(project: Project) -> dict[str, str]:
    """Return the services of the project that read labels, by the kind of proxy."""
    found: dict[str, str] = {}
    for service in project.services:
        if not service.image:
            continue
        named = family_of(service.image)
        path = parts_of(service.image).path
        if named is not None and named.family == "traefik":
            found.setdefault("traefik", service.name)
        elif "caddy-docker-proxy" in path:
            found.setdefault("caddy", service.name)
        elif path.endswith("nginx-proxy"):
            found.setdefault("nginx-proxy", service.name)
    return found
