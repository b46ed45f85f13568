"""A stack that was deployed -> its outcome, once all of it is up or will not be."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bootready.boot.stack.endpoints import ask_published
from bootready.boot.stack.judge import LABEL, Seen, Verdict, judge
from bootready.boot.up import Options, View
from bootready.engine.api import Api, items
from bootready.errors import EngineError
from bootready.model.boot import BootOutcome, Diagnosis, Phase, ServiceState
from bootready.model.node import Plain

PAUSE = 0.5
"""Seconds between two questions."""
PATIENCE = 10.0
"""Seconds that the other services have once one is known to stay down."""
CRASHES = 5
"""Tasks that ended one after the other; a service that only waits for another needs fewer."""
REMOVED_WITHIN = 60.0
"""Seconds that an earlier removal may take."""


def seen_of(api: Api, stack: str) -> Seen:
    """Return what the manager says of a stack at this moment. Raises EngineError."""
    filters: dict[str, Plain] = {"label": [f"{LABEL}={stack}"]}
    services = items(api.get("/services", filters=filters))
    tasks = items(api.get("/tasks", filters=filters))
    return Seen(services, tasks, items(api.get("/nodes")))


def wait_for_removal(api: Api, stack: str) -> None:
    """Return once nothing is left of an earlier `docker stack rm`, which returns before its end.

    A deployment in between finds networks that are about to go. Raises EngineError after a minute.
    """
    filters: dict[str, Plain] = {"label": [f"{LABEL}={stack}"]}
    until = time.monotonic() + REMOVED_WITHIN
    while not items(api.get("/services", filters=filters)):
        if not items(api.get("/networks", filters=filters)):
            return
        if time.monotonic() > until:
            raise EngineError(
                f"an earlier removal of the stack '{stack}' has not ended",
                hint=f"docker stack ps {stack}; docker network ls --filter label={LABEL}={stack}",
            )
        time.sleep(PAUSE)


def watch(api: Api, stack: str, options: Options, view: View) -> BootOutcome:
    """Watch the services of `stack` until each is up, or one is known to stay down.

    Ready means that a healthcheck has passed, or that a service without one has run for the
    settling time; that each one-shot has ended well; and that every published TCP port answered.
    """
    watched = _Watched(stack, options)
    try:
        while not watched.over():
            time.sleep(PAUSE)
            seen = seen_of(api, stack)
            watched.look(tuple(judge(seen, stack)))
            view.states({one.service: one for one in watched.states}, watched.seconds())
        if not watched.outcome().ready:
            return watched.outcome()
        left = max(3.0, options.timeout - watched.seconds())
        endpoints = ask_published(seen_of(api, stack), stack, left)
        return watched.outcome()._replace(endpoints=endpoints, seconds=watched.seconds())
    except KeyboardInterrupt:
        view.interrupted()
        return watched.outcome()._replace(interrupted=True)


class _Watched:
    """What was seen so far of one stack."""

    def __init__(self, stack: str, options: Options) -> None:
        self.stack = stack
        self.options = options
        self.began = time.monotonic()
        self.states: tuple[ServiceState, ...] = ()
        self.diagnoses: tuple[Diagnosis, ...] = ()
        self.ready_since: dict[str, float] = {}
        self.down_since: float | None = None

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def look(self, verdicts: Sequence[Verdict]) -> None:
        """Take over what was seen now."""
        now = self.seconds()
        up = {one.state.service for one in verdicts if one.state.phase.good}
        self.ready_since = {name: self.ready_since.get(name, now) for name in sorted(up)}
        self.states = tuple(self.settled(one.state, now) for one in verdicts)
        self.diagnoses = tuple(one.diagnosis for one in verdicts if one.diagnosis)
        if self.diagnoses or self.crashing():
            self.down_since = now if self.down_since is None else self.down_since
        else:
            self.down_since = None

    def settled(self, state: ServiceState, now: float) -> ServiceState:
        """Return a state that is ready only if it has been so for long enough."""
        since = self.ready_since.get(state.service)
        if state.phase is not Phase.READY or state.word == "healthy" or since is None:
            return state
        enough = now - since >= self.options.settle
        return state if enough else state._replace(phase=Phase.STARTING)

    def crashing(self) -> bool:
        """Tell whether whatever is not up has ended again and again."""
        waiting = [one for one in self.states if not one.phase.good]
        return bool(waiting) and all(one.restarts >= CRASHES for one in waiting)

    def over(self) -> bool:
        """Tell whether there is nothing left to wait for."""
        if self.seconds() >= self.options.timeout:
            return True
        if not self.states:
            return False
        left = [one for one in self.states if not one.phase.good and one.phase is not Phase.FAILED]
        if not left:
            return True
        return self.down_since is not None and self.seconds() - self.down_since >= PATIENCE

    def outcome(self) -> BootOutcome:
        """Return what is known now; a service that is not up has its reason."""
        told = {one.service for one in self.diagnoses}
        rest = [one for one in self.states if not one.phase.good and one.service not in told]
        late = self.seconds() >= self.options.timeout
        found = self.diagnoses
        if late or self.down_since is not None:
            found += tuple(self.unfinished(one) for one in rest)
        return BootOutcome(
            project=self.stack,
            states=self.states,
            diagnoses=found,
            endpoints=(),
            warnings=(),
            seconds=self.seconds(),
            compose_seconds=0.0,
            changed=True,
            timed_out=late,
            settle=self.options.settle,
        )

    def unfinished(self, state: ServiceState) -> Diagnosis:
        """Return the diagnosis of a service that is not up, and may still come."""
        crashes = state.restarts >= CRASHES
        words = f"its task is '{state.word}'"
        return Diagnosis(
            "stack-task-crashing" if crashes else "stack-task-unfinished",
            state.service,
            f"it ended {state.restarts} times" if crashes else "it did not come up in time",
            f"{words}: {state.detail}" if state.detail else words,
            f"docker service logs {self.stack}_{state.service}",
        )
