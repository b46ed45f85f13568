"""A project -> names of hosts that Docker Desktop or Compose v1 resolved, and no engine does."""

from __future__ import annotations

from bootready.model.lookup import entries_at, items_at
from bootready.model.position import Location
from bootready.model.project import Project, Service
from bootready.regex import regex
from bootready.typed import Iterator

GATEWAY = "host.docker.internal"
_GATEWAY = regex(r"(?<![\w.-])(?:host|gateway)\.docker\.internal(?![\w.-])", needs=(".docker.",))


def gateways_named(service: Service) -> Iterator[Location]:
    """Yield where a service is told to ask the host by the name that Docker Desktop gives it."""
    for entry in service.environment:
        if entry.value and ".docker." in entry.value and _GATEWAY.search(entry.value):
            yield entry.location
    for key in ("command", "entrypoint"):
        words = service.command if key == "command" else service.entrypoint
        if words and any(_GATEWAY.search(word) for word in words):
            path = (*service.location.path, key)
            node = service.node.entries.get(key)
            yield Location(node.span if node else service.location.span, path)


def former_names(text: str, project: Project) -> Iterator[tuple[str, str]]:
    """Yield the container names of Compose v1 in `text`, ``shop_db_1``, each with its service."""
    said = [one.name for one in project.services if f"_{one.name}_" in text]
    if not said:
        return
    import re

    names = "|".join(map(re.escape, said))
    pattern = rf"(?<![\w.-])[a-z0-9][a-z0-9-]*_({names})_\d+(?![\w-])"
    for found in re.finditer(pattern, text):
        yield found[0], found[1]


def extra_hosts(service: Service) -> Iterator[str]:
    """Yield the names in `extra_hosts`."""
    for name, _ in entries_at(service.node, "extra_hosts"):
        yield name
    for _, node in items_at(service.node, "extra_hosts"):
        yield str(getattr(node, "value", "")).partition("=")[0].partition(":")[0]
