"""What was seen of a failed boot -> diagnoses: only the roots, each explained by one symptom."""

from __future__ import annotations

import pkgutil
import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module

from bootready.boot.diagnose import symptoms as package
from bootready.boot.diagnose.api import Evidence, Explanation, Symptom
from bootready.boot.diagnose.blame import held_back, reasons, roots
from bootready.boot.diagnose.fold import folded, victims
from bootready.boot.diagnose.own_words import words_of
from bootready.boot.diagnose.since import changed_since
from bootready.boot.diagnose.telling import readable
from bootready.boot.diagnose.whole import engine_lost, pull_stalled, unready
from bootready.boot.secret_files import project_redactor, redacted
from bootready.boot.verify.listening import Socket, listening
from bootready.boot.watch.compose_lines import Refusal
from bootready.boot.watch.judge import LOOP_RESTARTS
from bootready.boot.watch.pulls import Pull
from bootready.engine.api import Api, integer, items, text
from bootready.engine.container import PROJECT_LABEL, Container, Probe
from bootready.errors import EngineError
from bootready.host.network import read_listeners
from bootready.knowledge.secrets.redact import Redactor
from bootready.model.boot import Diagnosis, Phase, ServiceState, Status
from bootready.model.lines import cut
from bootready.model.project import Project
from bootready.regex import regex
from bootready.typed import NamedTuple

LOG_LINES = 60
"""Lines of a log that are looked at; SHOWN of them are printed."""
SHOWN = 8
LIVES = 20.0
"""Seconds after which a container that has died before is said to live."""
NEIGHBOURS = 6
"""Dependencies of a failing service whose logs are looked at."""

_NAMED = regex(
    r"(?:[Cc]ontainer|endpoint) \"?/?([A-Za-z0-9][\w.-]*)|service[: ]\"?([\w.-]+)(?:\"|:\d+)"
)


class Seen(NamedTuple):
    """Everything that the boot, or a look at a stack of somebody else, has gathered."""

    project: Project
    states: Mapping[str, ServiceState]
    containers: Mapping[str, tuple[Container, ...]]
    last_deaths: Mapping[str, Container] = {}
    crashed: frozenset[str] = frozenset()
    """Services that died while they were watched, after they had been started before."""
    refusals: tuple[Refusal, ...] = ()
    removed: frozenset[str] = frozenset()
    lost: EngineError | None = None
    timed_out: bool = False
    seconds: float = 0.0
    output: tuple[str, ...] = ()
    """The last lines that builds wrote."""
    still: tuple[Pull, ...] = ()
    """The images whose pull stood still until the limit."""


def diagnose(seen: Seen, api: Api) -> tuple[Diagnosis, ...]:
    """Return why the stack is not up, roots only, in boot order. Reads logs from the engine."""
    if seen.lost is not None:
        return (engine_lost(seen.lost, seen.seconds),)
    if seen.still:
        return (pull_stalled(seen.still, seen.seconds),)
    refused = _refusals_by_service(seen)
    failing = [name for name in seen.states if _fails(seen, name, refused)]
    first = [name for name in failing if not _ancestors(seen.project, name) & set(failing)]
    redact = project_redactor(seen.project)
    words, problem = words_of(seen.project.directory)
    since = changed_since(seen.project, api)
    gathered = {
        name: _evidence(seen, api, name, refused, redact)._replace(words=words, changed=since)
        for name in first
    }
    logs = {name: one.log for name, one in gathered.items()}
    blamed = reasons(seen.project, logs | _logs_of_starting(seen, api, failing, redact))
    found = []
    for name, circle in roots(blamed, first).items():
        diagnosis = _diagnose(gathered[name]._replace(circle=circle), seen)
        more = (*victims(name, blamed), *filter(None, [problem]))
        found.append(diagnosis._replace(evidence=(*diagnosis.evidence, *more)))
    for message in refused.get("", []):
        said = redact.lines("\n".join(seen.output)).split("\n")
        wrote = tuple(filter(None, map(readable, said)))
        evidence = Evidence(
            seen.project, None, None, None, message, wrote, seen.states, seen.timed_out
        )
        found.append(_diagnose(evidence, seen))
    if not found:
        found = unready(seen.project, seen.states, seen.seconds, timed_out=seen.timed_out)
    return tuple(redacted(one, redact) for one in folded(found))


@cache
def discover() -> tuple[Symptom, ...]:
    """Return every symptom, the lowest rank first."""
    found = []
    for module in pkgutil.iter_modules(package.__path__):
        loaded = import_module(f"{package.__name__}.{module.name}")
        found.append(getattr(loaded, module.name))
    return tuple(sorted(found, key=lambda entry: (entry.rank, entry.id)))


def explain(evidence: Evidence) -> tuple[str, Explanation]:
    """Return the id of the first symptom that explains the evidence, and its explanation."""
    for entry in discover():
        explanation = entry.function(evidence)
        if explanation is not None:
            return entry.id, explanation
    return "unexplained", Explanation(
        headline="did not come up",
        cause="nothing that bootready knows of explains it",
        remedy="read the log below; `bootready bundle` gathers all evidence for a report",
    )


def _diagnose(evidence: Evidence, seen: Seen) -> Diagnosis:
    identity, said = explain(evidence)
    name = evidence.service.name if evidence.service else ""
    place = said.location or (evidence.service.location if evidence.service else None)
    return Diagnosis(
        symptom=identity,
        service=name,
        headline=said.headline,
        cause=said.cause,
        remedy=said.remedy,
        location=place,
        related=said.related,
        evidence=said.evidence or _facts(evidence),
        log=evidence.log[-SHOWN:],
        held_back=held_back(seen.project, name, seen.states) if name else (),
        seconds=seen.seconds,
    )


def _facts(evidence: Evidence) -> tuple[str, ...]:
    facts = []
    if evidence.refusal:
        facts.append(f"engine: {evidence.refusal}")
    if evidence.probe is not None and evidence.container and evidence.container.health:
        output = evidence.probe.output or "(no output)"
        facts.append(f"probe: exit {evidence.probe.exit_code}: {output.splitlines()[-1]}")
    if evidence.died and evidence.container is not None:
        restarts = evidence.container.restarts
        again = f", restarted {restarts} times" if restarts else ""
        facts.append(f"exit code: {evidence.exit_code}{again}")
    return tuple(facts)


def _fails(seen: Seen, name: str, refused: Mapping[str, list[str]]) -> bool:
    state = seen.states[name]
    if name in refused or name in seen.removed | seen.crashed or state.phase is Phase.FAILED:
        return True
    if state.phase is not Phase.STARTING:
        return False
    loops = state.restarts >= LOOP_RESTARTS or state.status is Status.RESTARTING
    return loops or seen.timed_out or _gave_up_on(seen, state)


def _gave_up_on(seen: Seen, state: ServiceState) -> bool:
    # Compose ends at the first crash that it sees, and the engine may have started it again since.
    others = [one.phase for one in seen.states.values() if one.service != state.service]
    return state.restarts > 0 and Phase.STARTING not in others and Phase.FAILED not in others


def _evidence(
    seen: Seen, api: Api, name: str, refused: Mapping[str, list[str]], redact: Redactor
) -> Evidence:
    containers = seen.containers.get(name, ())
    worst = _worst(containers) or seen.last_deaths.get(name)
    last = seen.last_deaths.get(name)
    until = 0.0
    between_deaths = last is not None and worst is not None and not _lives(worst, seen)
    if worst is not None and last is not None and worst.running and between_deaths:
        # It runs at this moment, and what counts is the end of its last life.
        until = last.finished
        worst = worst._replace(exit_code=last.exit_code, status="restarting")
    if worst is not None and last is not None and last.out_of_memory and between_deaths:
        worst = worst._replace(out_of_memory=True)
    if worst is not None:
        worst = worst._replace(
            error=cut(worst.error), probes=tuple(_shown(one, redact) for one in worst.probes)
        )
    messages = refused.get(name, [])
    refusal = messages[0] if messages else (worst.error if worst else "")
    log = _log(api, worst, redact, until)
    return Evidence(
        project=seen.project,
        service=seen.project.service(name),
        container=worst,
        state=seen.states[name],
        refusal=refusal,
        log=log,
        states=seen.states,
        timed_out=seen.timed_out,
        removed=name in seen.removed,
        users=_port_users(seen, api, refusal),
        exit_known=between_deaths or not (worst and worst.running),
        listening=listening(api, worst) if worst and worst.health else None,
        offered=_offered(seen, api, name) if "refused" in "".join(log).lower() else {},
        neighbours=_neighbours(seen, api, name, redact),
    )


def _lives(container: Container, seen: Seen) -> bool:
    """Tell whether what is wrong with a container that has died before is that it runs as it does.

    A probe gives up on a program that lives, unless that falls again and again; one that is still
    starting when the time is over is a loop if it has just been started again.
    """
    if not container.running:
        return False
    old = time.time() - container.started > LIVES
    if container.health == "unhealthy":
        return old or container.restarts < LOOP_RESTARTS
    return old and container.health == "starting" and seen.timed_out


def _logs_of_starting(
    seen: Seen, api: Api, failing: Collection[str], redact: Redactor
) -> dict[str, tuple[str, ...]]:
    """Return what those wrote that are neither up nor failed: they may wait for who failed."""
    names = [
        name
        for name, state in seen.states.items()
        if state.phase is Phase.STARTING and name not in failing
    ]
    return {
        name: _log(api, _worst(seen.containers.get(name, ())), redact)
        for name in names[:NEIGHBOURS]
    }


def _shown(probe: Probe, redact: Redactor) -> Probe:
    lines = redact.lines(probe.output).split("\n")
    return probe._replace(output="\n".join(readable(line) for line in lines))


def _neighbours(seen: Seen, api: Api, name: str, redact: Redactor) -> Mapping[str, tuple[str, ...]]:
    """Return what the services wrote that `name` depends on; a server may say why it refused."""
    return {
        other: _log(api, _worst(seen.containers.get(other, ())), redact)
        for other in _needed(seen, name)
    }


def _offered(seen: Seen, api: Api, name: str) -> Mapping[str, tuple[Socket, ...]]:
    """Return where the services listen that `name` depends on."""
    found = {
        other: listening(api, _worst(seen.containers.get(other, ())))
        for other in _needed(seen, name)
    }
    return {other: sockets for other, sockets in found.items() if sockets is not None}


def _needed(seen: Seen, name: str) -> list[str]:
    service = seen.project.service(name)
    return [one.service for one in service.depends_on][:NEIGHBOURS] if service else []


def _port_users(seen: Seen, api: Api, refusal: str) -> dict[int, str]:
    """Return who has the host ports that `refusal` is about, in words for the person."""
    if "already" not in refusal:
        return {}
    users: dict[int, str] = {}
    for one in read_listeners():
        if one.process and one.process != "docker-proxy":
            users[one.port] = f"process '{one.process}' (pid {one.pid})"
    try:
        running = items(api.get("/containers/json"))
    except EngineError:
        return users  # what the machine says remains
    for entry in running:
        project = text(entry, "Labels", PROJECT_LABEL)
        name = cut(text(entry, "Names", 0).lstrip("/"))
        where = f" of project '{project}'" if project and project != seen.project.name else ""
        for port in items(entry, "Ports"):
            users[integer(port, "PublicPort")] = f"container '{name}'{where}"
    return users


def _worst(containers: Iterable[Container]) -> Container | None:
    def goodness(one: Container) -> tuple[bool, bool]:
        return one.running and one.health != "unhealthy", one.exit_code == 0

    return min(containers, key=goodness, default=None)


def _log(
    api: Api, container: Container | None, redact: Redactor, until: float = 0.0
) -> tuple[str, ...]:
    if container is None:
        return ()
    try:
        lines = api.logs(container.id, LOG_LINES, until)
    except EngineError:
        return ()  # a container without a readable log driver still has an exit code
    shown = redact.lines("\n".join(lines)).split("\n")
    return tuple(readable(line) for line in shown if line.strip())


def _refusals_by_service(seen: Seen) -> dict[str, list[str]]:
    """Group what Compose refused by service; '' holds what belongs to none."""
    names = {one.name: service for service, found in seen.containers.items() for one in found}
    grouped: dict[str, list[str]] = {}
    known: set[str] = set()
    for refusal in sorted(_single(seen.refusals), key=lambda refusal: not refusal.resource):
        if any(refusal.message in said for said in known) or _is_echo(refusal.message):
            continue
        if known and refusal.message.startswith("no such image: "):
            continue  # the pull of this one was cut short when another had failed
        if seen.removed and "No such container" in refusal.message:
            continue  # Compose stumbles over what we have seen vanish
        known.add(refusal.message)
        service = _service_of(refusal, names, seen)
        if service is None:
            # The engine keeps the message of a failed start with the container itself.
            service = next((n for n in names.values() if _error_of(seen, n, refusal.message)), "")
        grouped.setdefault(service, []).append(refusal.message)
    return grouped


def _single(refusals: Iterable[Refusal]) -> Iterator[Refusal]:
    """Yield refusals of one line each, without the words that the engine begins all of them with:
    Compose joins what several services met.
    """
    for refusal in refusals:
        parts = refusal.message.split("\nError response from daemon: ")
        for part in parts:
            message = cut(part.removeprefix("Error response from daemon: "))
            yield refusal._replace(message=message, resource=cut(refusal.resource))


def _error_of(seen: Seen, name: str, message: str) -> bool:
    return any(one.error and one.error in message for one in seen.containers.get(name, ()))


def _is_echo(message: str) -> bool:
    """Tell whether Compose only repeats the state of a container, which the engine told better."""
    return bool(
        re.search(
            r"container \S+ (is unhealthy|exited \(\d+\))|didn't complete succ"
            r"|^dependency \S+ failed to start$",
            message,
        )
    ) or message in {"context canceled", "canceled"}


def _service_of(refusal: Refusal, names: Mapping[str, str], seen: Seen) -> str | None:
    if refusal.resource in seen.states:  # v2 names services where v5 names images
        return refusal.resource
    image = refusal.resource.removeprefix("Image ")
    users = [one.name for one in seen.project.services if image and one.image == image]
    if users:
        return next((name for name in users if name in seen.states), None)
    for words in (refusal.resource, refusal.message):
        for match in _NAMED.finditer(words):
            found = match[1] or match[2]
            if found in names:
                return names[found]
            if found in seen.states:
                return found
            stripped = re.sub(rf"^{re.escape(seen.project.name)}[-_](.+)[-_]\d+$", r"\1", found)
            if stripped in seen.states:
                return stripped
    return None


def _ancestors(project: Project, name: str) -> set[str]:
    found: set[str] = set()
    pending = [name]
    while pending:
        service = project.service(pending.pop())
        for dependency in service.depends_on if service else ():
            if dependency.service not in found:
                found.add(dependency.service)
                pending.append(dependency.service)
    return found - {name}
