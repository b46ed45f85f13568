"""What does not come up in a stack -> the same with its cause, and what its tasks wrote last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from bootready.boot.secret_files import redacted
from bootready.boot.stack.judge import Seen, Verdict
from bootready.engine.api import Api, at, demultiplex, items, text
from bootready.engine.cluster import node_of
from bootready.engine.http import quoted
from bootready.errors import EngineError
from bootready.knowledge.secrets.redact import Redactor
from bootready.model.boot import Diagnosis
from bootready.model.node import Plain
from bootready.model.project import Project
from bootready.regex import regex
from bootready.swarm.members import asks_for_consent, clusters_of, waiting_for_ever
from bootready.typed import NamedTuple

TAIL = 20
"""Lines of a task that are asked for."""
WITHIN = 4.0
"""Seconds that the log of one task may take: its node may have gone."""
_UNRESOLVED = regex(
    r"(?i)can'?t resolve|could not resolve|cannot resolve|bad address|unknown host"
    r"|name or service not known|temporary failure in name resolution|no such host"
    r"|name does not resolve|nodename nor servname"
)


class Told(NamedTuple):
    """What explains a stack: the project, what it is asked with, and what hides its secrets."""

    project: Project
    api: Api
    redact: Redactor


def with_logs(
    diagnoses: Sequence[Diagnosis], verdicts: Sequence[Verdict], told: Told
) -> tuple[Diagnosis, ...]:
    """Return the diagnoses with what their tasks wrote last, secrets masked."""
    if not diagnoses:
        return ()
    tasks = {one.state.service: one.task for one in verdicts if one.task}
    with ThreadPoolExecutor(max_workers=min(8, len(diagnoses))) as pool:
        logs = list(pool.map(lambda one: _log(told, tasks.get(one.service, "")), diagnoses))
    return tuple(
        redacted(one._replace(log=log), told.redact)
        for one, log in zip(diagnoses, logs, strict=True)
    )


def _log(told: Told, task: str) -> tuple[str, ...]:
    """Return the last lines of a task, () where its node does not tell."""
    if not task:
        return ()
    try:
        found = told.api.get(f"/tasks/{quoted(task)}")
        if not text(found, "Status", "ContainerStatus", "ContainerID"):
            return ()  # it has never run
        path = f"/tasks/{quoted(task)}/logs?stdout=true&stderr=true&tail={TAIL}"
        raw = told.api.download(path, WITHIN)
    except EngineError:
        return ()
    words = demultiplex(raw).decode(errors="replace").rstrip("\n")
    return tuple(told.redact.lines(words).split("\n")) if words else ()


Ways = Mapping[str, tuple[str, ...]]
"""Services and those that their probes ask for."""


def never_passing(project: Project) -> Ways:
    """Return the services whose probes cannot pass, as far as the project says so itself."""
    ways = {service.name: way for service, way in waiting_for_ever(project)}
    for members in clusters_of(project):
        names = tuple(one.name for one in members.services)
        for one in members.services:
            if asks_for_consent(one):
                ways.setdefault(one.name, tuple(name for name in names if name != one.name))
    return ways


def deadlocked(
    verdicts: Sequence[Verdict], seen: Seen, told: Told, ways: Ways
) -> Iterator[Diagnosis]:
    """Yield services whose probe waits for a name that exists only once probes have passed.

    `ways` are those of which the project says so; of others the engine that is asked knows what
    their probes said, if it runs them.
    """
    stack = told.project.name
    starting = [
        one.state.service
        for one in verdicts
        if not one.state.phase.good and one.state.word.endswith("starting")
    ]
    said = {name: _probe_of(told.api, f"{stack}_{name}", seen) for name in starting}
    ways = {**ways, **_seen_ways(said)}
    for name in sorted(said.keys() & ways.keys()):
        others = ", ".join(f"'{one}'" for one in dict.fromkeys(ways[name]))
        last = said[name]
        yield Diagnosis(
            "stack-health-deadlock",
            name,
            "its healthcheck waits for a name that does not exist yet",
            f"it asks for {others}: a task has a name only once its healthcheck has passed",
            "let the healthcheck ask the container itself (`x-bootready: {swarm: {healthcheck}}`)",
            evidence=(f"probe: {last.splitlines()[-1]}",) if last else (),
        )


def _seen_ways(said: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the services in a circle of those whose probes could not resolve another's name."""
    asks: dict[str, set[str]] = {}
    for name, words in said.items():
        if _UNRESOLVED.search(words):
            found = set(_NAME.findall(words))
            asks[name] = {other for other in said if other in found}
    ways: dict[str, tuple[str, ...]] = {}
    for name, asked in asks.items():
        reached, left = set[str](), list(asked)
        while left:
            other = left.pop()
            if other not in reached:
                reached.add(other)
                left += asks.get(other, ())
        if name in reached:
            ways[name] = tuple(sorted(asked))
    return ways


_NAME = regex(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")


def _probe_of(api: Api, full: str, seen: Seen) -> str:
    """Return what the probe of a service that starts said last, '' if other engines run it."""
    numbers = {text(one, "Spec", "Name"): text(one, "ID") for one in seen.services}
    for task in seen.tasks:
        container = text(task, "Status", "ContainerStatus", "ContainerID")
        if (
            text(task, "ServiceID") == numbers.get(full)
            and text(task, "Status", "State") == "starting"
        ):
            with suppress(EngineError):
                said = items(api.inspect(container), "State", "Health", "Log")
                if said:
                    return text(said[-1], "Output").strip()
    return ""


def sharing(seen: Seen, stack: str) -> Iterator[Diagnosis]:
    """Yield services of which two tasks in one place write the same directory at this moment.

    A node that comes back still runs what was started elsewhere meanwhile (moby#34069).
    """
    names = {node.id: node.name for node in map(node_of, seen.nodes)}
    services = {text(one, "ID"): text(one, "Spec", "Name") for one in seen.services}
    writers: dict[tuple[str, str, str], int] = {}
    for task in seen.tasks:
        if text(task, "Status", "State") == "running":
            slot = f"{text(task, 'ServiceID')}.{at(task, 'Slot')}"
            for source in _written(task):
                key = slot, text(task, "NodeID"), source
                writers[key] = writers.get(key, 0) + 1
    for (slot, node, source), count in sorted(writers.items()):
        if count > 1:
            full = services.get(slot.partition(".")[0], "")
            yield Diagnosis(
                "stack-data-shared",
                full.removeprefix(f"{stack}_"),
                f"{count} tasks of one replica write the same data",
                f"'{source}' on node '{names.get(node, node)}' is mounted by both",
                f"stop the older one: docker service ps --no-trunc {full}",
            )


def _written(task: Plain) -> Iterator[str]:
    for mount in items(task, "Spec", "ContainerSpec", "Mounts"):
        if text(mount, "Type") in {"volume", "bind"} and at(mount, "ReadOnly") is not True:
            yield text(mount, "Source")


def virtual(seen: Seen, stack: str) -> tuple[str, ...]:
    """Return the services that others reach at a virtual IP, which needs IPVS on every node."""
    return tuple(
        sorted(
            text(one, "Spec", "Name").removeprefix(f"{stack}_")
            for one in seen.services
            if items(one, "Endpoint", "VirtualIPs")
        )
    )
