"""A service of a swarm with its tasks and the nodes -> where it is on its way up, and why not.

The manager calls a deployment done that it rolled back, never ends with a finished one-shot, and
counts the tasks of dead nodes. What tasks say was seen on engine 20.10 (docker/cli#6752, #5299).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bootready.engine.api import at, integer, text
from bootready.model.boot import Diagnosis, Phase, ServiceState, Status
from bootready.model.node import Plain
from bootready.typed import NamedTuple

LABEL = "com.docker.stack.namespace"
"""The label of everything that belongs to a stack."""
_UNDONE = {"rollback_completed", "rollback_paused", "paused"}
_MOVING = {"updating", "rollback_started"}
_ENDED = {"failed", "rejected"}
_NEVER = ("scheduling constraints not satisfied", "unsupported platform")
"""Reasons for which a task waits that do not change by themselves."""


class Seen(NamedTuple):
    """What the manager says at one moment: the services of a stack, their tasks, the nodes."""

    services: Sequence[Plain]
    tasks: Sequence[Plain]
    nodes: Sequence[Plain]


class Verdict(NamedTuple):
    """A service's state, and a diagnosis if nothing will change by itself."""

    state: ServiceState
    diagnosis: Diagnosis | None


def judge(seen: Seen, stack: str) -> Iterator[Verdict]:
    """Yield the verdict on every service of `stack`, sorted by name."""
    alive = {text(node, "ID") for node in seen.nodes if _is_ready(node)}
    for service in sorted(seen.services, key=lambda one: text(one, "Spec", "Name")):
        tasks = [task for task in seen.tasks if text(task, "ServiceID") == text(service, "ID")]
        name = text(service, "Spec", "Name").removeprefix(f"{stack}_")
        yield _Service(name, service, tasks, alive).verdict()


def _is_ready(node: Plain) -> bool:
    state = text(node, "Status", "State")
    return state == "ready" and text(node, "Spec", "Availability") == "active"


class _Service:
    """One service, its tasks with the latest last, and the ids of nodes that run tasks.

    Of tasks that were made before the latest change only those that still work say anything.
    """

    def __init__(self, name: str, service: Plain, tasks: list[Plain], alive: set[str]) -> None:
        self.name = name
        self.service = service
        self.tasks = sorted(tasks, key=lambda task: text(task, "CreatedAt"))
        changed = text(service, "UpdatedAt")[:19]
        recent = [task for task in self.tasks if text(task, "CreatedAt")[:19] >= changed]
        self.recent = recent or self.tasks
        self.alive = alive

    def verdict(self) -> Verdict:
        update = text(self.service, "UpdateStatus", "State")
        if update in _UNDONE:
            return self._undone(update)
        good = [task for task in self.tasks if self._works(task)]
        done = [task for task in self.tasks if self._is_done(task)]
        wanted = self._wanted()
        if len(good) + len(done) >= wanted and update not in _MOVING:
            if good or not wanted:
                word = "healthy" if self._has_probe() else "running"
                state = ServiceState(self.name, Phase.READY, word, Status.RUNNING)
            else:
                state = ServiceState(self.name, Phase.DONE, "complete", Status.EXITED)
            return Verdict(state, None)
        hopeless = self._hopeless(wanted - len(good) - len(done))
        phase = Phase.FAILED if hopeless else Phase.STARTING
        last = self.tasks[-1] if self.tasks else None
        word = f"{text(last, 'Status', 'State') or 'no task'}"
        state = ServiceState(
            self.name, phase, word, Status.CREATED, restarts=self._failures(), detail=self._error()
        )
        return Verdict(state, hopeless)

    def _wanted(self) -> int:
        """Return how many tasks have to work: of a global service those that the manager made."""
        if at(self.service, "Spec", "Mode", "Replicated") is not None:
            return integer(self.service, "Spec", "Mode", "Replicated", "Replicas")
        mine = {text(task, "NodeID") for task in self.tasks if self._is_wished(task)}
        return max(1, len(mine & self.alive))

    def _works(self, task: Plain) -> bool:
        running = text(task, "Status", "State") == "running"
        return running and self._is_wished(task) and text(task, "NodeID") in self.alive

    def _is_done(self, task: Plain) -> bool:
        return self._condition() != "any" and text(task, "Status", "State") == "complete"

    def _is_wished(self, task: Plain) -> bool:
        return text(task, "DesiredState") in {"running", "ready"}

    def _condition(self) -> str:
        policy = text(self.service, "Spec", "TaskTemplate", "RestartPolicy", "Condition")
        return policy or "any"

    def _has_probe(self) -> bool:
        spec = at(self.service, "Spec", "TaskTemplate", "ContainerSpec", "Healthcheck", "Test")
        return bool(spec) and spec != ["NONE"]

    def _failures(self) -> int:
        return sum(text(task, "Status", "State") in _ENDED for task in self.recent)

    def _error(self) -> str:
        """Return the latest reason that a task gives."""
        errors = (text(task, "Status", "Err") for task in reversed(self.recent))
        return next((one for one in errors if one), "")

    def _undone(self, update: str) -> Verdict:
        words = text(self.service, "UpdateStatus", "Message")
        state = ServiceState(self.name, Phase.FAILED, update, Status.RUNNING, detail=words)
        found = Diagnosis(
            "stack-update-undone",
            self.name,
            "the swarm stopped the update or took it back",
            f"{words or update}: {self._error() or 'its new tasks did not come up'}",
            f"docker service ps --no-trunc {self._full()}",
        )
        return Verdict(state, found)

    def _hopeless(self, missing: int) -> Diagnosis | None:
        """Return why the missing tasks will not come by themselves, None if they may."""
        error = self._error()
        states = [(task, text(task, "Status", "State")) for task in self.recent]
        waiting = [text(task, "Status", "Err") for task, state in states if state == "pending"]
        if any(reason in words for words in waiting for reason in _NEVER):
            return self._diagnosis("stack-task-unplaced", "no node may run it", error)
        if self._condition() == "none":
            ended = sum(state in _ENDED for _, state in states)
            going = any(self._is_wished(task) and state not in _ENDED for task, state in states)
            if ended >= missing > 0 and not going:
                headline = "it ended with an error and is not started again"
                return self._diagnosis("stack-task-failed", headline, error)
        rejected = {text(task, "NodeID") for task, state in states if state == "rejected"}
        if rejected and rejected >= self.alive:
            return self._diagnosis("stack-task-rejected", "every node rejects it", error)
        return None

    def _diagnosis(self, symptom: str, headline: str, cause: str) -> Diagnosis:
        remedy = f"docker service ps --no-trunc {self._full()}"
        return Diagnosis(symptom, self.name, headline, cause or "no reason was given", remedy)

    def _full(self) -> str:
        return text(self.service, "Spec", "Name")
