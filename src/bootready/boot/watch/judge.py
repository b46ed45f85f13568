"""A service and its containers -> where it is on its way up; judges what the engine says alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bootready.boot.selection import replicas
from bootready.engine.container import Container
from bootready.model.boot import Phase, ServiceState, Status
from bootready.model.project import Project, Service
from bootready.typed import NamedTuple

LOOP_RESTARTS = 3
"""So many restarts by the engine are called a crash loop while nothing else is awaited."""


class Judged(NamedTuple):
    """A phase, the engine's word for it in full, and its word for the container."""

    phase: Phase
    word: str
    status: Status = Status.ABSENT


def judge(
    service: Service,
    containers: Sequence[Container],
    now: float,
    settle: float,
    *,
    one_shot: bool,
    must_end: bool = False,
    falls: bool = False,
) -> Judged:
    """Return the phase of a service and the engine's word for it; the worst container decides.

    `one_shot`: an exit with 0 is a success; `must_end`: and nothing less is one. `falls`: it has
    died before, so that its health alone says little.
    `now` in epoch seconds, `settle` in seconds.
    """
    live = [one for one in containers if one.status != "removing"]
    if len(live) < replicas(service):
        return Judged(Phase.WAITING, "no container" if not live else "scaling")
    verdicts = [
        Judged(*_judge_container(one, now, settle, one_shot, falls), _status(one)) for one in live
    ]
    if must_end:
        verdicts = [
            one._replace(phase=Phase.STARTING, word="running") if one.phase is Phase.READY else one
            for one in verdicts
        ]
    order = (Phase.FAILED, Phase.WAITING, Phase.STARTING, Phase.READY, Phase.DONE)
    return min(verdicts, key=lambda verdict: order.index(verdict.phase))


def is_one_shot(project: Project, service: Service) -> bool:
    """Tell whether an exit with 0 is a success: it serves nobody who waits for it to be healthy."""
    conditions = {
        dependency.condition
        for other in project.services
        for dependency in other.depends_on
        if dependency.service == service.name
    }
    if "service_completed_successfully" in conditions:
        return True
    checked = service.healthcheck is not None and not service.healthcheck.disabled
    return not checked and not service.ports and "service_healthy" not in conditions


def awaited_to_end(services: Iterable[Service], name: str) -> bool:
    """Tell whether one of `services` starts only when `name` has exited with 0."""
    return any(
        dependency.service == name and dependency.condition == "service_completed_successfully"
        for service in services
        for dependency in service.depends_on
        if dependency.required
    )


def awaited(
    service: Service, states: Mapping[str, ServiceState], project: Project
) -> tuple[str, ...]:
    """Return the services that `service` still waits for, by its `depends_on`."""
    names = []
    for dependency in service.depends_on:
        state = states.get(dependency.service)
        if state is None or project.service(dependency.service) is None:
            continue
        started = dependency.condition == "service_started" and state.started is not None
        if not started and not state.phase.good:
            names.append(dependency.service)
    return tuple(names)


def _status(one: Container) -> Status:
    known = {status.value: status for status in Status}
    return known.get(one.status, Status.ABSENT)


def _judge_container(
    one: Container, now: float, settle: float, one_shot: bool, falls: bool
) -> tuple[Phase, str]:
    settled = now - one.started >= settle
    if one.status in {"created", ""}:
        return (Phase.FAILED, "cannot be started") if one.error else (Phase.WAITING, "created")
    if one.status == "restarting":
        return Phase.STARTING, f"restarting ({one.exit_code})"
    if one.status in {"exited", "dead"}:
        return _judge_exited(one, one_shot)
    if one.status == "paused":
        return Phase.FAILED, "paused"
    if one.health == "healthy":
        return (Phase.READY if settled or not falls else Phase.STARTING), "healthy"
    if one.health == "unhealthy":
        return Phase.FAILED, "unhealthy"
    if one.health == "starting":
        return Phase.STARTING, "starting"
    return (Phase.READY if settled else Phase.STARTING), "running"


def _judge_exited(one: Container, one_shot: bool) -> tuple[Phase, str]:
    word = f"exited ({one.exit_code})"
    success = one.exit_code == 0 and one_shot and not one.out_of_memory
    return (Phase.DONE if success else Phase.FAILED), word
