"""Events of the engine and inspected containers -> the state of every service, kept up to date.

Every event leads to one inspection of its container: the engine's own present word is judged, never
a state that we have added up from events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.boot.verify.listening import is_silent
from bootready.boot.watch.judge import awaited, awaited_to_end, is_one_shot, judge
from bootready.boot.watch.lives import Lives, exit_code_of
from bootready.engine.api import Api, text
from bootready.engine.container import Container, project_containers, read_container
from bootready.model.boot import Phase, ServiceState
from bootready.model.node import Plain
from bootready.model.project import Project, Service

UNHEARD = 8.0
"""Seconds that a server without a healthcheck has at most to listen on any port."""
_AGAIN = 0.25
"""Seconds after which it is looked at again."""


class Board:
    """The services of one boot. `epoch` is the moment at which the boot began."""

    def __init__(
        self, project: Project, services: Sequence[Service], epoch: float, settle: float
    ) -> None:
        self.project = project
        self.services = tuple(services)
        self.settle = settle
        self.changes: set[str] = set()
        """Services of which a container was created or started."""
        self.ran_again: set[str] = set()
        """One-shots that had finished before, and ran once more."""
        self.deaths: dict[str, int] = {}
        """How often a container of the service has died since the boot began."""
        self.lives = Lives()
        self.last_death: dict[str, Container] = {}
        """The container of a service that died last, as it was when it died."""
        self.compose_ended = False
        """Until then, a container that failed before the boot is one that Compose may replace."""
        self.removed: set[str] = set()
        """Services whose container was removed while we watched."""
        self._epoch = epoch
        self._containers: dict[str, Container] = {}
        self._touched: set[str] = set()
        self._finished: set[str] = set()
        self._times: dict[str, dict[str, float]] = {}
        self._one_shots = {service.name: is_one_shot(project, service) for service in self.services}
        names = (service.name for service in self.services)
        self._heard: set[str] = set()
        self._serving = {service.name for service in self.services if _serves(service)}
        self._must_end = {name for name in names if awaited_to_end(self.services, name)}

    def read(self, api: Api) -> None:
        """Take in all containers of the project as they are now. Raises EngineError."""
        before = {one.service for one in self._containers.values()}
        self._containers = {one.id: one for one in project_containers(api, self.project.name)}
        self.removed |= before - {one.service for one in self._containers.values()}
        if not self._touched:
            self._finished = {
                one.id
                for one in self._containers.values()
                if one.status == "exited" and one.exit_code == 0
                if self._one_shots.get(one.service)
            }

    def apply(self, api: Api, event: Plain) -> str:
        """Take in an event; return the service that it concerns, '' for none of ours."""
        identity, action = text(event, "Actor", "ID"), text(event, "Action")
        self.lives.take(event)
        known = self._containers.get(identity)
        if action == "destroy":
            self._containers.pop(identity, None)
            # Compose replaces a container by making the new one before it removes the old one.
            if known is not None and not self.containers(known.service):
                self.removed.add(known.service)
            return known.service if known else ""
        container = read_container(api, identity)
        if container is None:
            return ""
        self._containers[identity] = container
        self._touched.add(identity)
        self.removed.discard(container.service)
        name = container.service
        if action in {"create", "start"}:
            # Compose runs a finished one-shot again at every `up`: that alone changes nothing.
            again = action == "start" and identity in self._finished
            (self.ran_again if again else self.changes).add(name)
        if action == "die":
            self._heard.discard(identity)
            self.deaths[name] = self.deaths.get(name, 0) + 1
            # It may run again by now, and then it has forgotten how it ended.
            ended = container._replace(exit_code=exit_code_of(event))
            self.last_death[name] = self.lives.as_it_died(container) or ended
        return name

    def containers(self, service: str) -> tuple[Container, ...]:
        """Return the containers of a service, by number."""
        found = [one for one in self._containers.values() if one.service == service]
        return tuple(sorted(found, key=lambda one: one.number))

    def unhealthy(self) -> tuple[Container, ...]:
        """Return the running containers of our services whose healthcheck has given up."""
        return tuple(
            container
            for service in self.services
            for container in self.containers(service.name)
            if container.running and container.health == "unhealthy"
        )

    def states(self, now: float) -> dict[str, ServiceState]:
        """Return the state of every service at `now` (epoch seconds), in boot order."""
        states: dict[str, ServiceState] = {}
        for service in self.services:
            states[service.name] = self._state(service, now)
        for service in self.services:
            state = states[service.name]
            if state.phase is Phase.WAITING:
                names = awaited(service, states, self.project)
                states[service.name] = state._replace(waiting_for=names)
        return states

    def settles_in(self, now: float) -> float:
        """Return the seconds until the next running container has settled, infinity for none."""
        return min((end - now for end in self.settled_at(now).values()), default=float("inf"))

    def settled_at(self, now: float) -> dict[str, float]:
        """Return when each service will have settled that waits for nothing but time.

        Those are running without a healthcheck, or healthy but started again after they died.
        """
        ends: dict[str, float] = {}
        for one in self._containers.values():
            by_time = not one.health or (one.health != "unhealthy" and self.lives.falls(one))
            end = one.started + self._settling(one)
            if end > now and self._is_unheard(one):
                end = min(end, now + _AGAIN)
            if one.service in self._one_shots and one.running and by_time and end > now:
                ends[one.service] = max(end, ends.get(one.service, 0.0))
        return ends

    def only_time(self, states: Mapping[str, ServiceState], now: float) -> bool:
        """Tell whether all is up but for services that have to run on for a while.

        Not where one has died before: that one is likely to do so again.
        """
        if any(self.lives.falls(one) for one in self._containers.values()):
            return all(state.phase.good for state in states.values())
        waited = self.settled_at(now).keys() - self._must_end
        return all(
            state.phase.good or (state.phase is Phase.STARTING and name in waited)
            for name, state in states.items()
        )

    def mark(self) -> frozenset[tuple[str, float]]:
        """Return the running containers, each with the moment of its start."""
        return frozenset((one.id, one.started) for one in self._containers.values() if one.running)

    def deaths_known(self) -> dict[str, Container]:
        """Return the containers that died, seen now or remembered by the engine, by service."""
        remembered = (self.lives.as_it_died(one) for one in self._containers.values())
        return {one.service: one for one in remembered if one is not None} | self.deaths_seen()

    def deaths_seen(self) -> dict[str, Container]:
        """Return the containers that died since the boot began, by service."""
        return {name: self.lives.as_it_died(one) or one for name, one in self.last_death.items()}

    def _settling(self, container: Container) -> float:
        """Return the seconds that a container has to run before it is believed."""
        seconds = self.lives.settling(container, self.settle)
        return max(seconds, UNHEARD) if self._is_unheard(container) else seconds

    def _is_unheard(self, container: Container) -> bool:
        """Tell whether a container that should serve a port does not listen on any so far.

        A program that fails at its start usually does so before it listens.
        """
        if not self.settle or container.health or not container.running or not container.exposed:
            return False
        if container.id in self._heard or container.service not in self._serving:
            return False
        if is_silent(container):
            return True
        self._heard.add(container.id)
        return False

    def _state(self, service: Service, now: float) -> ServiceState:
        containers = self.containers(service.name)
        one_shot = self._one_shots[service.name]
        settle = max((self._settling(one) for one in containers), default=0.0)
        phase, word, status = judge(
            service,
            containers,
            now,
            settle,
            one_shot=one_shot,
            must_end=service.name in self._must_end,
            falls=any(self.lives.falls(one) for one in containers),
        )
        touched = any(one.id in self._touched for one in containers)
        if phase is Phase.FAILED and not touched and not self.compose_ended:
            phase, word = Phase.WAITING, f"{word} before"
        times = self._times.setdefault(service.name, {})
        if phase.good:
            times.setdefault("ready", self._ready_at(containers, now))
        else:
            times.pop("ready", None)
        return ServiceState(
            service=service.name,
            phase=phase,
            word=word,
            status=status,
            created=self._since(min((one.created for one in containers), default=0.0)),
            started=self._since(max((one.started for one in containers), default=0.0)),
            ready=times.get("ready"),
            restarts=max(
                [one.restarts for one in containers] + [self.deaths.get(service.name, 0) - 1, 0]
            ),
            probe_seconds=max(
                (probe.seconds for one in containers for probe in one.probes), default=0.0
            ),
        )

    def _ready_at(self, containers: Sequence[Container], now: float) -> float:
        """Return when the last of `containers` was ready, by the engine's own clock."""
        moments = []
        for one in containers:
            passed = [probe.ended for probe in one.probes if probe.exit_code == 0]
            if one.health and passed:
                moments.append(min(passed))
            else:
                moments.append(one.started if one.running else one.finished)
        return max(0.0, max(moments, default=now) - self._epoch)

    def _since(self, moment: float) -> float | None:
        return max(0.0, moment - self._epoch) if moment else None


def _serves(service: Service) -> bool:
    """Tell whether what a container exposes is meant: by the service itself, or because it runs the
    image's own program.
    """
    own = service.entrypoint is None and not (service.command and service.command[0][:1] != "-")
    return own or "expose" in service.node.entries
