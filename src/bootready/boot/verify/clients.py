"""Services that are up and mount the engine's socket -> those whose client the engine rejects.

An engine from version 29 on takes API 1.44 and later only. A proxy that was built for an older one
stays up, repeats in its log that it is refused, and serves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from bootready.engine.api import Api
from bootready.engine.container import project_containers
from bootready.errors import EngineError
from bootready.knowledge.places import is_engine_socket
from bootready.model.boot import Diagnosis
from bootready.model.lines import cut
from bootready.model.project import Mount, Project, Service
from bootready.regex import regex

_LINES = 40
_TOO_OLD = regex(
    r"client version (?P<client>[\d.]+) is too old\. Minimum supported API version is"
    r" (?P<least>[\d.]*\d)"
)


def rejected_clients(
    project: Project, services: Iterable[Service], api: Api
) -> tuple[Diagnosis, ...]:
    """Return a diagnosis for each service whose last lines say that its client is too old."""
    asking = {one.name: mount for one in services if (mount := _socket(one)) is not None}
    if not asking:
        return ()
    found: dict[str, Diagnosis] = {}
    for container in project_containers(api, project.name):
        mount = asking.get(container.service)
        if mount is None or not container.running or container.service in found:
            continue
        try:
            lines = api.logs(container.id, _LINES)
        except EngineError:
            continue
        told = next((one for line in reversed(lines) if (one := _TOO_OLD.search(cut(line)))), None)
        if told is not None:
            found[container.service] = Diagnosis(
                symptom="client-too-old",
                service=container.service,
                headline="runs, but the engine rejects its client",
                cause=f"its image speaks API {told['client']}, and this engine accepts"
                f" {told['least']} and later",
                remedy="use a newer image (Traefik 3.6.1 or 2.11.31 and later), or start the engine"
                " with DOCKER_MIN_API_VERSION=1.24",
                location=mount.location,
                evidence=(f"log: {told[0]}",),
            )
    return tuple(found.values())


def _socket(service: Service) -> Mount | None:
    binds = (one for one in service.mounts if one.kind == "bind")
    return next(
        (one for one in binds if is_engine_socket(one.source) or is_engine_socket(one.target)), None
    )
