"""What a boot is made of: the states of services, diagnoses, endpoints, and the outcome of all."""

from __future__ import annotations

from enum import Enum

from bootready.model.position import Location
from bootready.typed import NamedTuple


class Phase(Enum):
    """Where a service is on its way up."""

    WAITING = "waiting"
    """Not started yet: Compose has not come to it, or it waits for another service."""
    STARTING = "starting"
    """Its container runs, but has not shown yet that it works."""
    READY = "ready"
    """Healthy; without a healthcheck, running without a restart for the settling time."""
    DONE = "done"
    """A one-shot that exited with 0."""
    FAILED = "failed"

    @property
    def good(self) -> bool:
        """Whether nothing more is expected of the service."""
        return self in {Phase.READY, Phase.DONE}


class Status(Enum):
    """What the engine calls a container (`State.Status` of ContainerInspect)."""

    ABSENT = ""
    """There is none."""
    CREATED = "created"
    RUNNING = "running"
    RESTARTING = "restarting"
    PAUSED = "paused"
    REMOVING = "removing"
    EXITED = "exited"
    DEAD = "dead"

    @property
    def ended(self) -> bool:
        """Whether it will not run again by itself."""
        return self in {Status.EXITED, Status.DEAD}


class ServiceState(NamedTuple):
    """One service at one moment; times in seconds since the boot began, None for not yet."""

    service: str
    phase: Phase
    word: str
    """What the engine calls it: ``healthy``, ``exited (1)``, ``created`` ..."""
    status: Status = Status.ABSENT
    """That of the container that decides."""
    waiting_for: tuple[str, ...] = ()
    created: float | None = None
    started: float | None = None
    ready: float | None = None
    restarts: int = 0
    detail: str = ""
    probe_seconds: float = 0.0
    """How long the slowest run of its healthcheck took, of those that the engine remembers."""
    nodes: tuple[str, ...] = ()
    """The nodes of a swarm that its tasks are on; () on one machine."""


class Diagnosis(NamedTuple):
    """Why a service did not come up: one root, its cause and remedy, and the evidence for it."""

    symptom: str
    """The kebab-case id of the module that recognised it."""
    service: str
    """The root service, or '' where the failure belongs to none (the engine went away)."""
    headline: str
    cause: str
    remedy: str
    location: Location | None = None
    related: tuple[Location, ...] = ()
    evidence: tuple[str, ...] = ()
    """Facts of the engine, one a line: exit code, probe output, the engine's own message."""
    log: tuple[str, ...] = ()
    """The last lines that the container wrote, secrets masked."""
    held_back: tuple[str, ...] = ()
    """The services that were not started because of it."""
    seconds: float = 0.0
    """When it was found, since the boot began."""


class Endpoint(NamedTuple):
    """A thing that was asked after the boot, and what it said."""

    service: str
    name: str
    target: str
    answered: bool
    detail: str
    seconds: float = 0.0
    location: Location | None = None
    declared: bool = False
    """Whether the project asked for it (`x-bootready`), rather than a published port."""
    hint: str = ""
    """What would make it answer, where that is known."""


class BootOutcome(NamedTuple):
    """How a boot ended. `seconds` is its whole time, `compose_seconds` that of Compose alone."""

    project: str
    states: tuple[ServiceState, ...]
    diagnoses: tuple[Diagnosis, ...]
    endpoints: tuple[Endpoint, ...]
    warnings: tuple[str, ...]
    seconds: float
    compose_seconds: float
    changed: bool
    """Whether any container was created or started."""
    ran_again: tuple[str, ...] = ()
    """One-shots that had finished before and that Compose ran once more."""
    interrupted: bool = False
    timed_out: bool = False
    pull_seconds: float = 0.0
    """Seconds of `seconds` in which images were pulled, which the time limit leaves out."""
    settle: float = 0.0
    """Seconds for which a service without a healthcheck was watched."""
    settle_seconds: float = 0.0
    """Seconds that this took after Compose had ended and all else was up."""
    critical_path: tuple[str, ...] = ()
    """The services, first to last, each of which the next one waited for."""

    @property
    def begun(self) -> bool:
        """Whether any service has a container."""
        return any(state.status is not Status.ABSENT for state in self.states)

    @property
    def ready(self) -> bool:
        """Whether everything that was looked for was seen, and something was looked for."""
        if not self.states or self.diagnoses or self.interrupted or self.timed_out:
            return False
        services = all(state.phase.good for state in self.states)
        return services and all(endpoint.answered for endpoint in self.endpoints)
