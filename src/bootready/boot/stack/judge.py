"""A service of a swarm with its tasks and the nodes -> where it is on its way up, and why not.

The manager calls a deployment done that it rolled back, never ends with a finished one-shot, and
counts the tasks of dead nodes. What tasks say was seen on engine 20.10 (docker/cli#6752, #5299).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bootready.boot.stack.hopeless import Missing, reason_for
from bootready.engine.api import at, integer, items, text
from bootready.engine.cluster import node_of
from bootready.model.boot import Diagnosis, Phase, ServiceState, Status
from bootready.model.cluster import NodeFact
from bootready.model.node import Plain
from bootready.swarm.placing import candidates
from bootready.typed import NamedTuple

_UNDONE = {"rollback_completed", "rollback_paused", "paused"}
_MOVING = {"updating", "rollback_started"}
ENDED = frozenset({"failed", "rejected"})
"""States of a task that ended with an error."""


class Seen(NamedTuple):
    """What the manager says at one moment: the services of a stack, their tasks, the nodes.

    `others` are running tasks of the whole cluster, where they matter.
    """

    services: Sequence[Plain]
    tasks: Sequence[Plain]
    nodes: Sequence[Plain]
    others: Sequence[Plain] = ()
    owners: Mapping[str, str] = {}
    """The names of the services that have them, by id."""
    before: frozenset[str] = frozenset()
    """The ids of tasks that had ended before the deployment: what they lacked may be there now."""


class Verdict(NamedTuple):
    """A service's state, and a diagnosis if nothing will change by itself."""

    state: ServiceState
    diagnosis: Diagnosis | None
    ended: frozenset[str] = frozenset()
    """The ids of its tasks that ended and were to go on."""
    task: str = ""
    """The id of the task that says most about why it is not up, or ''."""


def judge(seen: Seen, stack: str) -> Iterator[Verdict]:
    """Yield the verdict on every service of `stack`, sorted by name."""
    nodes = {one.id: one for one in map(node_of, seen.nodes)}
    for service in sorted(seen.services, key=lambda one: text(one, "Spec", "Name")):
        tasks = [task for task in seen.tasks if text(task, "ServiceID") == text(service, "ID")]
        name = text(service, "Spec", "Name").removeprefix(f"{stack}_")
        yield _Service(name, service, tasks, nodes, seen).verdict()


class _Service:
    """One service, its tasks with the latest last, and the nodes of the cluster.

    Of tasks that were made before the latest change only those that still work say anything.
    """

    def __init__(
        self,
        name: str,
        service: Plain,
        tasks: list[Plain],
        nodes: Mapping[str, NodeFact],
        seen: Seen,
    ) -> None:
        self.name = name
        self.service = service
        self.seen = seen
        self.tasks = sorted(tasks, key=lambda task: text(task, "CreatedAt"))
        changed = text(service, "UpdatedAt")[:19]
        recent = [task for task in self.tasks if text(task, "CreatedAt")[:19] >= changed]
        self.recent = recent or self.tasks
        self.nodes = nodes
        self.alive = {
            one.id for one in nodes.values() if one.state == "ready" and one.availability != "drain"
        }
        placement = at(service, "Spec", "TaskTemplate", "Placement")
        self.constraints = [str(one) for one in items(placement, "Constraints")]

    def verdict(self) -> Verdict:
        update = text(self.service, "UpdateStatus", "State")
        if update in _UNDONE:
            return self._undone(update)
        good = [task for task in self.tasks if self._works(task)]
        done = [task for task in self.tasks if self._is_done(task)]
        wanted = self._wanted()
        missing = wanted - len(good) - len(done)
        if missing <= 0 and update not in _MOVING and (wanted or not self.is_global):
            return self._up(good, wanted)
        hopeless = reason_for(self._missing(missing))
        phase = Phase.FAILED if hopeless else Phase.STARTING
        last = self.recent[-1] if self.recent else None
        word = text(last, "Status", "State") or "no task"
        if wanted > 1:
            word = f"{len(good) + len(done)} of {wanted} up, {word}"
        ended = frozenset(text(one, "ID") for one in self.recent if self._has_ended(one))
        state = ServiceState(
            self.name,
            phase,
            word,
            Status.CREATED,
            restarts=len(ended),
            detail=self._error(),
            nodes=self._names([one for one in self.tasks if self._is_wished(one)]),
        )
        return Verdict(state, hopeless, ended, text(self._telling(), "ID"))

    @property
    def is_global(self) -> bool:
        return at(self.service, "Spec", "Mode", "Global") is not None

    def _up(self, good: list[Plain], wanted: int) -> Verdict:
        nodes = self._names(good)
        if good or not wanted:
            word = "healthy" if self._has_probe() else "running"
            state = ServiceState(self.name, Phase.READY, word, Status.RUNNING, nodes=nodes)
        else:
            state = ServiceState(self.name, Phase.DONE, "complete", Status.EXITED)
        return Verdict(state, None)

    def _wanted(self) -> int:
        """Return how many tasks have to work: of a global service one on each node that may."""
        if at(self.service, "Spec", "Mode", "Replicated") is not None:
            return integer(self.service, "Spec", "Mode", "Replicated", "Replicas")
        mine = {text(task, "NodeID") for task in self.recent} & self.alive
        if items(self.service, "Spec", "TaskTemplate", "Placement", "Platforms"):
            return len(mine)  # which nodes have a fitting machine is known to the manager alone
        return len(mine | self._eligible())

    def _eligible(self) -> set[str]:
        """Return the ids of the nodes that get new tasks, and satisfy every constraint."""
        found = candidates(self.constraints, self.nodes.values())
        return {one.id for one in found if one.takes_tasks}

    def _works(self, task: Plain) -> bool:
        running = text(task, "Status", "State") == "running"
        return running and self._is_wished(task) and text(task, "NodeID") in self.alive

    def _is_done(self, task: Plain) -> bool:
        return self._condition() != "any" and text(task, "Status", "State") == "complete"

    def _has_ended(self, task: Plain) -> bool:
        state = text(task, "Status", "State")
        return state in ENDED or (state == "complete" and self._condition() == "any")

    def _is_wished(self, task: Plain) -> bool:
        return text(task, "DesiredState") in {"running", "ready"}

    def _condition(self) -> str:
        policy = text(self.service, "Spec", "TaskTemplate", "RestartPolicy", "Condition")
        return policy or "any"

    def _has_probe(self) -> bool:
        spec = at(self.service, "Spec", "TaskTemplate", "ContainerSpec", "Healthcheck", "Test")
        return bool(spec) and spec != ["NONE"]

    def _names(self, tasks: Sequence[Plain]) -> tuple[str, ...]:
        """Return the names of the nodes that have these tasks, each once."""
        numbers = {text(task, "NodeID") for task in tasks} - {""}
        return tuple(sorted(self.nodes[one].name for one in numbers if one in self.nodes))

    def _telling(self) -> Plain:
        """Return the task that tells most of why the service is not up: one that ended, if any."""
        ended = [one for one in self.recent if self._has_ended(one)]
        return (ended or self.recent or [None])[-1]

    def _error(self) -> str:
        """Return the latest reason that a task gives."""
        errors = (text(task, "Status", "Err") for task in reversed(self.recent))
        return next((one for one in errors if one), "")

    def _undone(self, update: str) -> Verdict:
        words = text(self.service, "UpdateStatus", "Message")
        nodes = self._names([task for task in self.tasks if self._works(task)])
        state = ServiceState(
            self.name, Phase.FAILED, update, Status.RUNNING, detail=words, nodes=nodes
        )
        ended = [one for one in self.tasks if text(one, "Status", "State") in ENDED]
        last = ended[-1] if ended else None
        found = Diagnosis(
            "stack-update-undone",
            self.name,
            "the swarm stopped the update or took it back",
            f"{words or update}: {text(last, 'Status', 'Err') or 'its new tasks did not come up'}",
            f"docker service ps --no-trunc {text(self.service, 'Spec', 'Name')}",
        )
        return Verdict(state, found, task=text(last, "ID"))

    def _missing(self, count: int) -> Missing:
        return Missing(
            name=self.name,
            service=self.service,
            tasks=self.recent,
            wanting=count,
            constraints=tuple(self.constraints),
            nodes=tuple(self.nodes.values()),
            others=(*self.seen.tasks, *self.seen.others),
            owners=self.seen.owners,
            before=self.seen.before,
            condition=self._condition(),
            is_global=self.is_global,
            is_updating=text(self.service, "UpdateStatus", "State") in _MOVING,
        )
