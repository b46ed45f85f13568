"""A project and the states after its boot -> the chain of services that took the time."""

from __future__ import annotations

from collections.abc import Mapping

from bootready.model.boot import ServiceState
from bootready.model.project import Dependency, Project


def critical_path(project: Project, states: Mapping[str, ServiceState]) -> tuple[str, ...]:
    """Return the services, first to last, each of which the next one waited for.

    It ends with the service that was ready last; a faster start of any of them makes the boot
    faster. Empty where nothing became ready.
    """
    timed = [state for state in states.values() if state.ready is not None]
    if not timed:
        return ()
    last = max(timed, key=lambda state: state.ready or 0.0)
    path = [last.service]
    while True:
        service = project.service(path[0])
        awaited = [
            (moment, one.service)
            for one in (service.depends_on if service else ())
            if (moment := _released(one, states)) is not None and one.service not in path
        ]
        if not awaited:
            return tuple(path)
        path.insert(0, max(awaited)[1])


def _released(dependency: Dependency, states: Mapping[str, ServiceState]) -> float | None:
    """Return when the dependency let its dependant start."""
    state = states.get(dependency.service)
    if state is None:
        return None
    return state.started if dependency.condition == "service_started" else state.ready
