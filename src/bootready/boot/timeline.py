"""A project and the states of its boot -> the chain that took the time, and what would shorten it.

Everything here is a function of what was seen: what stands in the states, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bootready.model.boot import BootOutcome, Phase, ServiceState
from bootready.model.node import Mapping as MappingNode
from bootready.model.project import Dependency, Project, Service
from bootready.typed import NamedTuple

INTERVAL = 30.0
"""Seconds between two runs of a healthcheck that does not say (moby `defaultProbeInterval`)."""
ASKED_EVERY = 1.0
"""Seconds between two runs of one that is asked often while its service starts."""
WORTH = 0.5
"""Seconds; what would save less of a boot is not worth a word."""
SHOWN = 4
"""Savings that are told of."""


class Wait(NamedTuple):
    """A service that another one waits for; `until` is when that was over, None for not yet."""

    service: str
    condition: str
    until: float | None


class Bar(NamedTuple):
    """One service on the time line; times in seconds since the boot began, None for not yet."""

    service: str
    phase: Phase
    created: float | None
    started: float | None
    ready: float | None
    waits: tuple[Wait, ...]
    """What it waits or has waited for, the last to be there first."""
    critical: bool
    """Whether a faster start of it makes the boot faster."""


class Saving(NamedTuple):
    """What the next boot could do without; `service` is '' where it is about no single one."""

    service: str
    seconds: float
    """The most of the whole that is saved by it."""
    words: str


def critical_path(project: Project, states: Mapping[str, ServiceState]) -> tuple[str, ...]:
    """Return the services, first to last, each of which the next one waited for.

    It ends with the service that was ready last; a faster start of any of them makes the boot
    faster. Empty where nothing became ready.
    """
    timed = [state for state in states.values() if state.ready is not None]
    if not timed:
        return ()
    return _chain(project, states, max(timed, key=lambda state: state.ready or 0.0).service)


def present_path(project: Project, states: Mapping[str, ServiceState]) -> tuple[str, ...]:
    """Return the chain that holds a boot up at this moment, which is the critical path in the end.

    It ends with the service that has been starting for longest, of those that others wait for, or,
    where nobody waits any more, of all. After a failure it is (), and where it is not known when
    a service was up.
    """
    if any(
        state.phase is Phase.FAILED
        or (state.phase.good and state.started is not None and state.ready is None)
        for state in states.values()
    ):
        return ()
    awaited = {name for state in states.values() for name in state.waiting_for}
    starting = [
        (state.service not in awaited, state.started, state.service)
        for state in states.values()
        if state.phase is Phase.STARTING and state.started is not None
        if state.service in awaited or not awaited
    ]
    return _chain(project, states, min(starting)[2]) if starting else critical_path(project, states)


def bars(project: Project, states: Mapping[str, ServiceState]) -> tuple[Bar, ...]:
    """Return the time line: a bar for each service, in the order in which they were started.

    Those that failed come first, and those that are not started last.
    """
    path = frozenset(present_path(project, states))
    found = [_bar(project, state, states, state.service in path) for state in states.values()]

    def order(bar: Bar) -> tuple[bool, float, float]:
        late = float("inf")
        started = late if bar.started is None else bar.started
        return bar.phase is not Phase.FAILED, started, late if bar.ready is None else bar.ready

    return tuple(sorted(found, key=order))


def savings(project: Project, outcome: BootOutcome) -> tuple[Saving, ...]:
    """Return what the next boot could do without, most first; () unless all came up.

    Each is meant alone: two of them together may save less than their sum.
    """
    states = {state.service: state for state in outcome.states}
    if not all(state.phase.good for state in outcome.states):
        return ()
    found = [*_of_all(outcome), *_of_path(project, states)]
    worth = [one for one in found if one.seconds >= WORTH]
    return tuple(sorted(worth, key=lambda one: -one.seconds)[:SHOWN])


def end_if(
    project: Project, states: Mapping[str, ServiceState], service: str, seconds: float
) -> float:
    """Return when the last service would be ready if `service` took `seconds` less to be."""
    ready: dict[str, float] = {}
    started: dict[str, float] = {}
    timed = [one for one in states.values() if one.started is not None and one.ready is not None]
    for state in sorted(timed, key=lambda one: one.started or 0.0):
        was, now = 0.0, 0.0
        for one in _needed(project, state.service, states):
            moment = _released(one, states)
            would = (started if one.condition == "service_started" else ready).get(one.service)
            if moment is not None and would is not None:
                was, now = max(was, moment), max(now, would)
        began, ended = state.started or 0.0, state.ready or 0.0
        # It was started some time after it could be, and that lag stays.
        started[state.service] = now + max(0.0, began - was)
        less = seconds if state.service == service else 0.0
        ready[state.service] = started[state.service] + max(0.0, ended - began - less)
    return max(ready.values(), default=0.0)


def _of_all(outcome: BootOutcome) -> Iterator[Saving]:
    if outcome.pull_seconds:
        yield Saving("", outcome.pull_seconds, "the images are here now, and are not pulled again")
    if outcome.settle_seconds:
        unchecked = [one.service for one in outcome.states if one.word == "running"]
        name = unchecked[0] if len(unchecked) == 1 else ""
        who = "it has" if name else f"{len(unchecked)} services have"
        words = f"{who} no healthcheck, and had to be watched; with one, it is known at once"
        yield Saving(name, outcome.settle_seconds, words)


def _of_path(project: Project, states: Mapping[str, ServiceState]) -> Iterator[Saving]:
    """Yield what the services of the critical path cost, each with the best that is known of it."""
    end = end_if(project, states, "", 0.0)
    took_most = sorted(critical_path(project, states), key=lambda name: -_took(states[name]))
    for name in took_most[: 2 * SHOWN]:
        service, state = project.service(name), states[name]
        if service is None:
            continue
        took = _took(state)
        interval = _probe_interval(service, state)
        if interval > ASKED_EVERY and took >= interval:
            most = interval - ASKED_EVERY
            words = (
                f"its healthcheck runs every {interval:g} s: a `start_interval` of"
                f" {ASKED_EVERY:g}s within a `start_period` sees earlier that it is up"
            )
        else:
            most, words = took, f"it took {took:.1f} s to be up by itself"
        yield Saving(name, end - end_if(project, states, name, most), words)


def _took(state: ServiceState) -> float:
    if state.started is None or state.ready is None:
        return 0.0
    return max(0.0, state.ready - state.started)


def _probe_interval(service: Service, state: ServiceState) -> float:
    """Return the seconds between two probes while it starts, 0.0 where the project does not say."""
    check = service.healthcheck
    node = service.node.entries.get("healthcheck")
    if check is None or check.disabled or state.word != "healthy":
        return 0.0
    if isinstance(node, MappingNode) and "start_interval" in node.entries:
        return 0.0
    return INTERVAL if check.interval is None else check.interval


def _chain(project: Project, states: Mapping[str, ServiceState], last: str) -> tuple[str, ...]:
    path = [last]
    while True:
        awaited = [
            (moment, one.service)
            for one in _needed(project, path[0], states)
            if (moment := _released(one, states)) is not None and one.service not in path
        ]
        if not awaited:
            return tuple(path)
        path.insert(0, max(awaited)[1])


def _bar(
    project: Project, state: ServiceState, states: Mapping[str, ServiceState], critical: bool
) -> Bar:
    waits = [
        Wait(one.service, one.condition, _released(one, states))
        for one in _needed(project, state.service, states)
    ]
    waits.sort(key=lambda one: -(float("inf") if one.until is None else one.until))
    return Bar(
        state.service,
        state.phase,
        state.created,
        state.started,
        state.ready,
        tuple(waits),
        critical,
    )


def _needed(
    project: Project, name: str, states: Mapping[str, ServiceState]
) -> Sequence[Dependency]:
    service = project.service(name)
    return [one for one in (service.depends_on if service else ()) if one.service in states]


def _released(dependency: Dependency, states: Mapping[str, ServiceState]) -> float | None:
    """Return when the dependency let its dependant start."""
    state = states.get(dependency.service)
    if state is None:
        return None
    return state.started if dependency.condition == "service_started" else state.ready
