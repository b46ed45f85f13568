"""A stack that somebody else has started -> the state of its services, and why some are not up."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bootready.boot.diagnose.run import Seen, diagnose
from bootready.boot.selection import selected
from bootready.boot.watch.board import Board
from bootready.engine.api import Api
from bootready.model.boot import BootOutcome, Diagnosis, Phase
from bootready.model.project import Project

STARTING = 0.0
"""Seconds of settling: who looks once takes a container as it is."""


def look_at(project: Project, api: Api, names: Sequence[str] = ()) -> BootOutcome:
    """Return how the services of `project` are now; reads only. Raises EngineError."""
    services = selected(project, names)
    began = time.time()
    containers = Board(project, services, began, STARTING)
    containers.compose_ended = True
    containers.read(api)
    states = containers.states(began)
    waiting = all(state.phase is Phase.WAITING for state in states.values())
    diagnoses: tuple[Diagnosis, ...] = ()
    if not waiting and not all(state.phase.good for state in states.values()):
        seen = Seen(
            project=project,
            states=states,
            containers={name: containers.containers(name) for name in states},
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
