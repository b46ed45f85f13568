"""The engine's events of containers -> their ended lives: how long each was, and how it ended.

An inspected container does not tell: once it runs again, its exit code is 0 and it was never out of
memory (moby daemon/container/state.go, `SetRunning`), and when it was started before is forgotten.
"""

from __future__ import annotations

from bootready.engine.api import Api, integer, text
from bootready.engine.container import PROJECT_LABEL, Container
from bootready.model.node import Plain
from bootready.typed import NamedTuple

FORGETS = 10.0
"""Seconds of running after which the engine counts the pauses between restarts anew."""
UNKNOWN = 20.0
"""Seconds that a life is taken for whose beginning nobody saw."""
LONGEST = 60.0
"""Seconds for which a container is watched at most, however long its lives were."""
LAST = 5
"""So many lives decide; a container that has been mended has earlier ones, too."""


class Life(NamedTuple):
    """One run of a container; `seconds` None if its start was not seen, `ended` epoch seconds."""

    seconds: float | None
    ended: float
    exit_code: int
    out_of_memory: bool = False


class Lives:
    """The ended lives of the containers of a project, by id."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}
        self._started: dict[str, float] = {}
        self._ended: dict[str, list[Life]] = {}
        self._starved: set[str] = set()
        """Those of which the kernel has killed a process in the life that is told of."""

    def recall(self, api: Api, project: str) -> None:
        """Take in what the engine remembers, its last 256 events. Raises EngineError."""
        for event in past_events(api, project):
            self.take(event)

    def take(self, event: Plain) -> None:
        """Take in one event, remembered or new; what a person has stopped did not die."""
        identity, action = text(event, "Actor", "ID"), text(event, "Action")
        moment = integer(event, "timeNano") / 1e9
        if moment <= self._seen.get(identity, 0.0):
            return  # it was remembered, and is told once more
        self._seen[identity] = moment
        if action == "start":
            self._started[identity] = moment
            self._starved.discard(identity)
        elif action == "oom":
            self._starve(identity)
        elif action == "die":
            started = self._started.pop(identity, None)
            seconds = None if started is None else moment - started
            life = Life(seconds, moment, exit_code_of(event), identity in self._starved)
            self._ended.setdefault(identity, []).append(life)
        elif action in {"stop", "destroy"}:
            self._ended.pop(identity, None)

    def _starve(self, identity: str) -> None:
        """Note that the kernel killed a process; this may be told after the death that it was."""
        self._starved.add(identity)
        lives = self._ended.get(identity)
        if lives and identity not in self._started:
            lives[-1] = lives[-1]._replace(out_of_memory=True)

    def of(self, container: Container) -> tuple[Life, ...]:
        """Return the last lives of `container`, oldest first."""
        return tuple(self._ended.get(container.id, ())[-LAST:])

    def settling(self, container: Container, settle: float) -> float:
        """Return the seconds that `container` has to run before it may be believed.

        That is `settle`, and longer than its last lives where it is one that dies.
        """
        if not self.falls(container):
            return settle
        lengths = [UNKNOWN if one.seconds is None else one.seconds for one in self.of(container)]
        longest = max(lengths, default=UNKNOWN)
        return min(LONGEST, max(settle, FORGETS, 1.5 * longest + 2))

    def falls(self, container: Container) -> bool:
        """Tell whether the engine has started `container` again after it died."""
        restarts = container.restart_policy not in {"", "no"}
        return restarts and (container.restarts > 0 or bool(self.of(container)))

    def as_it_died(self, container: Container) -> Container | None:
        """Return `container` with the end of its last life, None where that was not seen."""
        lives = self.of(container)
        if not lives:
            return None
        last = lives[-1]
        return container._replace(
            exit_code=last.exit_code,
            finished=last.ended,
            out_of_memory=last.out_of_memory or container.out_of_memory,
        )


def past_events(api: Api, project: str, since: float = 0.0) -> list[Plain]:
    """Return what the engine remembers of a project's containers, oldest first.

    Only what happened after `since`, in epoch seconds. Raises EngineError.
    """
    label = f"{PROJECT_LABEL}={project}"
    return api.past_events(since, type=["container"], label=[label], event=EVENTS)


def exit_code_of(event: Plain) -> int:
    """Return the exit code in a `die` event, -1 where there is none."""
    code = text(event, "Actor", "Attributes", "exitCode")
    return int(code) if code.isdigit() else -1


EVENTS = [
    *("create", "start", "die", "oom", "health_status", "stop"),
    *("destroy", "pause", "unpause"),
]
