"""What happened to a boot as a whole -> its diagnosis, where no single service is to blame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.boot.watch.pulls import Pull
from bootready.errors import EngineError
from bootready.model.boot import Diagnosis, ServiceState
from bootready.model.project import Project


def engine_lost(error: EngineError, seconds: float) -> Diagnosis:
    """Return the diagnosis of an engine that hung up; `seconds` since the boot began."""
    return Diagnosis(
        symptom="engine-lost",
        service="",
        headline="the engine went away during the boot",
        cause="the Docker Engine was stopped or killed, and its containers may have been too",
        remedy="start the engine (sudo systemctl start docker), then run the same command again",
        evidence=(error.message,),
        seconds=seconds,
    )


def pull_stalled(pulls: Sequence[Pull], seconds: float) -> Diagnosis:
    """Return the diagnosis of pulls that stood still until the limit."""
    names = " and ".join(f"'{one.image}'" for one in pulls[:2])
    more = f" and {len(pulls) - 2} more" if len(pulls) > 2 else ""
    return Diagnosis(
        symptom="pull-stalled",
        service="",
        headline=f"the pull of {names}{more} has stopped",
        cause="the registry, or the network on the way to it, has stopped sending",
        remedy="run the same command again: complete layers are not pulled again",
        evidence=tuple(f"{one.image}: {one.words or 'nothing arrived'}" for one in pulls),
        seconds=seconds,
    )


def unready(
    project: Project, states: Mapping[str, ServiceState], seconds: float, *, timed_out: bool
) -> list[Diagnosis]:
    """Return what can be said where no service failed and yet not every one is up."""
    stuck = [state for state in states.values() if not state.phase.good]
    if not stuck:
        return []
    first = stuck[0]
    words = "was not ready in time" if timed_out else "was never started"
    service = project.service(first.service)
    return [
        Diagnosis(
            symptom="never-started",
            service=first.service,
            headline=f"{words} ({first.word})",
            cause="Compose ended before it came to this service",
            remedy="run `docker compose up` for this service to see what Compose says",
            location=service.location if service else None,
            seconds=seconds,
        )
    ]
