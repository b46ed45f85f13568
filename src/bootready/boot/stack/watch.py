"""A stack that was deployed -> its outcome, once all of it is up or will not be."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bootready.boot.stack.endpoints import ask_published
from bootready.boot.stack.explain import Told, deadlocked, never_passing, with_logs
from bootready.boot.stack.judge import Seen, Verdict, judge
from bootready.boot.up import Options, View
from bootready.engine.api import Api, at, integer, items, text
from bootready.engine.cluster import LABEL
from bootready.errors import EngineError
from bootready.model.boot import BootOutcome, Diagnosis, Phase, ServiceState
from bootready.model.node import Plain

PAUSE = 0.5
"""Seconds between two questions."""
PATIENCE = 15.0
"""Seconds for which nothing of the others may change once a service is known to stay down."""
CRASHES = 3
"""Tasks of a service that ended since anything last changed for the better."""


def seen_of(api: Api, stack: str) -> Seen:
    """Return what the manager says of a stack at this moment. Raises EngineError."""
    filters: dict[str, Plain] = {"label": [f"{LABEL}={stack}"]}
    services = items(api.get("/services", filters=filters))
    tasks = items(api.get("/tasks", filters=filters))
    seen = Seen(services, tasks, items(api.get("/nodes")))
    if not any("port already in use" in text(one, "Status", "Err") for one in tasks):
        return seen
    running: dict[str, Plain] = {"desired-state": ["running"]}
    owners = {text(one, "ID"): text(one, "Spec", "Name") for one in items(api.get("/services"))}
    return seen._replace(others=items(api.get("/tasks", filters=running)), owners=owners)


def ended_in(seen: Seen) -> frozenset[str]:
    """Return the ids of the tasks that have ended by now."""
    over = {"complete", "failed", "rejected", "shutdown", "orphaned", "remove"}
    return frozenset(text(one, "ID") for one in seen.tasks if text(one, "Status", "State") in over)


def watch(
    told: Told, options: Options, view: View, before: frozenset[str] = frozenset()
) -> BootOutcome:
    """Watch the services of a stack until each is up, or one is known to stay down.

    `before` are the tasks that had ended before it was deployed.

    Ready means that a healthcheck has passed, or that a service without one has run for the
    settling time; that each one-shot has ended well; and that every published TCP port answered.
    """
    api, stack = told.api, told.project.name
    watched = _Watched(stack, options, told, before)
    try:
        while not watched.over():
            time.sleep(PAUSE)
            seen = _asked(api, stack, watched)
            if seen is None:
                continue
            seen = seen._replace(before=before)
            watched.look(tuple(judge(seen, stack)), seen)
            view.states({one.service: one for one in watched.states}, watched.seconds())
        outcome = watched.outcome()
        if not outcome.ready:
            found = with_logs(outcome.diagnoses, watched.verdicts, told)
            return outcome._replace(diagnoses=found, seconds=watched.seconds())
        left = max(3.0, options.timeout - watched.seconds())
        endpoints = ask_published(seen_of(api, stack), stack, left)
        return outcome._replace(endpoints=endpoints, seconds=watched.seconds())
    except KeyboardInterrupt:
        return watched.outcome()._replace(interrupted=True)


def _asked(api: Api, stack: str, watched: _Watched) -> Seen | None:
    """Return what the manager says now, None if it did not: a leader may have to be found first.

    Raises EngineError if it is silent for as long as the others have time.
    """
    try:
        seen = seen_of(api, stack)
    except EngineError:
        now = watched.seconds()
        watched.silent_since = now if watched.silent_since is None else watched.silent_since
        if now - watched.silent_since >= SILENT:
            raise
        return None
    watched.silent_since = None
    return seen


SILENT = 45.0
"""Seconds for which a manager may answer nothing: after the loss of a leader, managers need some 15
of them to find a new one.
"""


_EVERY = 2.0
"""Seconds between two looks at what the probes say."""
_DEFAULT = 30.0
"""Seconds between two runs of a healthcheck that does not say so."""


def _interval(seen: Seen, name: str) -> float:
    """Return the seconds between two runs of a service's healthcheck."""
    spec = next((one for one in seen.services if text(one, "Spec", "Name") == name), None)
    check = at(spec, "Spec", "TaskTemplate", "ContainerSpec", "Healthcheck")
    return integer(check, "Interval") / 1e9 or _DEFAULT


class _Watched:
    """What was seen so far of one stack."""

    def __init__(self, stack: str, options: Options, told: Told, before: frozenset[str]) -> None:
        self.before = before
        self.stack = stack
        self.options = options
        self.told = told
        self.began = time.monotonic()
        self.verdicts: tuple[Verdict, ...] = ()
        self.states: tuple[ServiceState, ...] = ()
        self.diagnoses: tuple[Diagnosis, ...] = ()
        self.ready_since: dict[str, float] = {}
        self.down_since: float | None = None
        self.silent_since: float | None = None
        self.moving: tuple[tuple[str, str, int], ...] = ()
        self.moved_at = 0.0
        """When a service that may still come last said something new."""
        self.ended: dict[str, set[str]] = {}
        """The tasks of each service that ended since `up` last grew, and were to go on."""
        self.known: dict[str, frozenset[str]] = {}
        self.up: frozenset[str] = frozenset()
        self.ways = never_passing(told.project)
        self.starting_since: dict[str, float] = {}
        self.stuck: tuple[Diagnosis, ...] = ()
        self.stuck_at = 0.0

    def seconds(self) -> float:
        return time.monotonic() - self.began

    def look(self, verdicts: Sequence[Verdict], seen: Seen) -> None:
        """Take over what was seen now."""
        now = self.seconds()
        self.verdicts = tuple(verdicts)
        up = frozenset(one.state.service for one in verdicts if one.state.phase.good)
        self.ready_since = {name: self.ready_since.get(name, now) for name in sorted(up)}
        self.states = tuple(self.settled(one.state, now) for one in verdicts)
        self.count(verdicts, up)
        found = [one.diagnosis for one in verdicts if one.diagnosis]
        told = {one.service for one in found}
        self.look_for_deadlocks(verdicts, seen, now)
        waits = (one for one in self.stuck if one.service not in up | told)
        self.diagnoses = (*found, *waits)
        if self.diagnoses:
            self.down_since = now if self.down_since is None else self.down_since
        else:
            self.down_since = None

    def look_for_deadlocks(self, verdicts: Sequence[Verdict], seen: Seen, now: float) -> None:
        """Ask the probes of what starts, every other second.

        One that the project says never passes has had the time for two of them.
        """
        starting = {one.state.service for one in verdicts if one.state.word.endswith("starting")}
        self.starting_since = {name: self.starting_since.get(name, now) for name in starting}
        if now - self.stuck_at < _EVERY:
            return
        self.stuck_at = now
        probed = {
            name: self.ways[name]
            for name in starting & self.ways.keys()
            if now - self.starting_since[name] > 2 * _interval(seen, f"{self.stack}_{name}")
        }
        self.stuck = tuple(deadlocked(verdicts, seen, self.told, probed))

    def count(self, verdicts: Sequence[Verdict], up: frozenset[str]) -> None:
        """Count the tasks that ended; from anew once another service is up, as it may help."""
        if up - self.up:
            self.ended = {}
            self.known = {one.state.service: one.ended for one in verdicts}
        self.up = up
        for one in verdicts:
            name = one.state.service
            new = one.ended - self.before - self.known.get(name, frozenset())
            self.ended.setdefault(name, set()).update(new)

    def settled(self, state: ServiceState, now: float) -> ServiceState:
        """Return a state that is ready only if it has been so for long enough."""
        since = self.ready_since.get(state.service)
        if state.phase is not Phase.READY or state.word == "healthy" or since is None:
            return state
        enough = now - since >= self.options.settle
        return state if enough else state._replace(phase=Phase.STARTING)

    def crashes(self, state: ServiceState) -> bool:
        """Tell whether a service has ended again and again while nothing else changed."""
        return not state.phase.good and len(self.ended.get(state.service, ())) >= CRASHES

    def crashing(self) -> bool:
        """Tell whether whatever is not up ends again and again, or is known to stay down."""
        waiting = [one for one in self.states if not one.phase.good]
        lost = {one.service for one in self.diagnoses}
        crashed = [one for one in waiting if self.crashes(one)]
        return bool(crashed) and all(one in crashed or one.service in lost for one in waiting)

    def over(self) -> bool:
        """Tell whether there is nothing left to wait for."""
        if self.seconds() >= self.options.timeout:
            return True
        if not self.states:
            return False
        lost = {one.service for one in self.diagnoses}
        left = [one for one in self.states if not one.phase.good and one.service not in lost]
        if not left or self.crashing():
            return True
        moving = tuple((one.service, one.word, one.restarts) for one in left)
        if moving != self.moving:
            self.moving, self.moved_at = moving, self.seconds()
        if self.down_since is None:
            return False
        return self.seconds() - max(self.down_since, self.moved_at) >= PATIENCE

    def outcome(self) -> BootOutcome:
        """Return what is known now; a service that is not up has its reason."""
        told = {one.service for one in self.diagnoses}
        rest = [one for one in self.states if not one.phase.good and one.service not in told]
        late = self.seconds() >= self.options.timeout
        found = self.diagnoses
        if late or self.down_since is not None or self.crashing():
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
        words = f"its task is '{state.word}'"
        crashes = self.crashes(state)
        count = max(state.restarts, len(self.ended.get(state.service, ())))
        return Diagnosis(
            "stack-task-crashing" if crashes else "stack-task-unfinished",
            state.service,
            f"its tasks ended {count} times" if crashes else "it did not come up in time",
            f"{words}: {state.detail}" if state.detail else words,
            f"docker service logs {self.stack}_{state.service}",
        )
