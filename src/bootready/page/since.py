"""A stack that somebody has started -> when its last boot was, and its times since then."""

from __future__ import annotations

from itertools import pairwise

from bootready.boot.timeline import INTERVAL
from bootready.model.boot import BootOutcome, ServiceState
from bootready.model.project import Project

PAUSE = 600.0
"""Seconds without a start, after which the next one belongs to another boot."""
KEPT = 5
"""Runs of a healthcheck that the engine remembers (moby `maxLogEntries`)."""
SHORTEST = 1.0
"""Seconds between two runs of a healthcheck that is not known: that of an image."""


class Since:
    """What was seen of a stack, from one look to the next; times of looks are epoch seconds."""

    def __init__(self) -> None:
        self._ready: dict[tuple[str, float], float | None] = {}
        """When a service was up that was started at that moment; None if nobody knows."""

    def boot(self, project: Project, outcome: BootOutcome, now: float) -> tuple[float, BootOutcome]:
        """Return when the last boot began, in epoch seconds, and the outcome with times since then.

        0.0 where nothing was started. What is older has no times.
        """
        states = [self._known(project, state, now) for state in outcome.states]
        self._ready = {
            (one.service, one.started): one.ready
            for one in states
            if one.started is not None and one.phase.good
        }
        began = began_of(states)
        return began, outcome._replace(states=tuple(_since(one, began) for one in states))

    def _known(self, project: Project, state: ServiceState, now: float) -> ServiceState:
        """Return the state with the moment at which it was ready, as it was seen first.

        The engine forgets all but the last runs of a healthcheck, so that later it seems later.
        """
        if state.started is None or state.ready is None or state.word != "healthy":
            return state
        key = (state.service, state.started)
        if key in self._ready:
            return state._replace(ready=self._ready[key])
        forgets = now - state.ready >= (KEPT - 1) * _interval(project, state.service)
        return state._replace(ready=None) if forgets else state


def _interval(project: Project, name: str) -> float:
    service = project.service(name)
    check = service.healthcheck if service else None
    if check is None:
        return SHORTEST
    return INTERVAL if check.interval is None else check.interval


def began_of(states: list[ServiceState]) -> float:
    """Return when the last boot began, in epoch seconds; 0.0 where nothing was started."""
    starts = sorted(one.started for one in states if one.started is not None)
    began = starts[0] if starts else 0.0
    for before, after in pairwise(starts):
        if after - before > PAUSE:
            began = after
    made = [one.created for one in states if one.created is not None and one.started is not None]
    # A container is made shortly before it is started for the first time.
    near = [moment for moment in made if began - PAUSE < moment < began]
    return min(near, default=began)


def _since(state: ServiceState, began: float) -> ServiceState:
    if state.started is not None and state.started < began:
        return state._replace(created=None, started=None, ready=None)

    def moment(at: float | None) -> float | None:
        return None if at is None else max(0.0, at - began)

    return state._replace(
        created=moment(state.created), started=moment(state.started), ready=moment(state.ready)
    )
