"""A stack that somebody else has started -> the state of its services, and why some are not up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from bootready.boot.diagnose.run import Seen, diagnose
from bootready.boot.selection import selected
from bootready.boot.watch.board import Board
from bootready.boot.watch.events import EngineLost, Happened, Item, events_of, next_of
from bootready.engine.api import Api
from bootready.model.boot import BootOutcome, Diagnosis, Phase
from bootready.model.project import Project

SETTLE = 2.0
"""Seconds that a container has to run before it is believed, as for `up`."""
GRACE = 0.6
"""Seconds for other failures to be seen after the first one."""

Tell = Callable[[Sequence[str], float], None]
"""Is called once, before the wait: the services that are watched, and for how many seconds."""


def look_at(
    project: Project,
    api: Api,
    names: Sequence[str] = (),
    *,
    watch: bool,
    tell: Tell | None = None,
    epoch: bool = False,
) -> BootOutcome:
    """Return how the services of `project` are now; changes nothing. Raises EngineError.

    With `watch`, a service that was restarted before is watched until it dies again or has run for
    longer than it ever did: at most a minute. Without, such a service counts as starting.
    Times of services are seconds since now, so 0.0 for all that was before, or, with `epoch`, epoch
    seconds.
    """
    services = selected(project, names)
    began = time.time()
    board = Board(project, services, 0.0 if epoch else began, SETTLE if watch else 0.0)
    board.compose_ended = True
    with events_of(api, project.name) as (_, queue):
        board.lives.recall(api, project.name)
        board.read(api)
        if watch:
            _watch(board, api, lambda seconds: next_of(queue, seconds), tell)
    states = board.states(time.time())
    waiting = all(state.phase is Phase.WAITING for state in states.values())
    diagnoses: tuple[Diagnosis, ...] = ()
    if not waiting and not all(state.phase.good for state in states.values()):
        seen = Seen(
            project=project,
            states=states,
            containers={name: board.containers(name) for name in states},
            last_deaths=board.deaths_known(),
            crashed=frozenset(board.deaths),
        )
        diagnoses = diagnose(seen, api)
    return BootOutcome(
        project=project.name,
        states=tuple(states.values()),
        diagnoses=diagnoses,
        endpoints=(),
        warnings=(),
        seconds=time.time() - began,
        compose_seconds=0.0,
        changed=False,
    )


def _watch(
    board: Board, api: Api, happened: Callable[[float], Item | None], tell: Tell | None
) -> None:
    """Wait until every running service has settled, or one has died. Raises EngineError."""
    ends = board.settled_at(time.time())
    if tell is not None and ends:
        tell(tuple(ends), max(ends.values()) - time.time())
    limit = None
    while True:
        now = time.time()
        ends = board.settled_at(now)
        due = max(ends.values(), default=now)
        if board.deaths and limit is None:
            limit = now + GRACE
        due = due if limit is None else min(due, limit)
        if due <= now:
            return
        match happened(due - now):
            case Happened(event):
                board.apply(api, event)
            case EngineLost(error):
                raise error
