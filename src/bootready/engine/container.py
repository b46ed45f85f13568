"""What the engine says of a container, as JSON -> a typed value; and every container of a project.

https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container (ContainerInspect)
"""

from __future__ import annotations

import os

from bootready.engine.api import Api, at, integer, items, mapping, text
from bootready.engine.moment import parse_time
from bootready.errors import EngineError
from bootready.model.node import Plain
from bootready.typed import NamedTuple

PROJECT_LABEL = "com.docker.compose.project"
SERVICE_LABEL = "com.docker.compose.service"
_DIRECTORY_LABEL = "com.docker.compose.project.working_dir"
_NUMBER_LABEL = "com.docker.compose.container-number"
ONEOFF_LABEL = "com.docker.compose.oneoff"

_LONGEST_GRACE = 120
"""Seconds that we wait for a container that may have a grace period of its own."""


class Probe(NamedTuple):
    """One run of a healthcheck: when it ended (epoch seconds), its exit code and its output."""

    ended: float
    seconds: float
    exit_code: int
    output: str


class Binding(NamedTuple):
    """A port of the container that the engine has published on the host."""

    host_ip: str
    host_port: int
    container_port: int
    protocol: str


class Container(NamedTuple):
    """A container as it was when it was inspected; times in epoch seconds, 0.0 for never."""

    id: str
    name: str
    service: str
    number: int
    status: str
    """created, running, restarting, paused, exited or dead."""
    exit_code: int
    error: str
    """Why the engine could not start it, in its words, or ''."""
    out_of_memory: bool
    health: str
    """starting, healthy or unhealthy; '' where it has no healthcheck."""
    probes: tuple[Probe, ...]
    created: float
    started: float
    finished: float
    restarts: int
    restart_policy: str
    memory_limit: int
    bindings: tuple[Binding, ...]
    image: str
    user: str = ""
    """As whom its processes run, as written in the service or the image; '' is root."""
    pid: int = 0
    """Of its first process, as the engine's machine counts; 0 where it does not run."""
    exposed: tuple[int, ...] = ()
    """The TCP ports that its image or its service exposes or publishes."""

    @property
    def running(self) -> bool:
        """Whether its process runs now."""
        return self.status == "running"


def started_elsewhere(api: Api, project: str, directory: str) -> bool:
    """Tell whether a container of this name was started from another directory that exists.

    It is another project then: two directories may have one name, and anybody may choose it. One
    that is not there any more was moved. Raises EngineError.
    """
    filters: dict[str, Plain] = {"label": [f"{PROJECT_LABEL}={project}"]}
    listed = items(api.get("/containers/json", all=True, filters=filters))
    others = {text(one, "Labels", _DIRECTORY_LABEL) for one in listed} - {"", directory}
    return any(os.path.isdir(one) and not os.path.samefile(one, directory) for one in others)


def project_containers(api: Api, project: str) -> tuple[Container, ...]:
    """Return the containers of a Compose project, one-off ones left out, in order of their names.

    Raises EngineError.
    """
    filters: dict[str, Plain] = {"label": [f"{PROJECT_LABEL}={project}"]}
    found = []
    for entry in items(api.get("/containers/json", all=True, filters=filters)):
        if text(entry, "Labels", ONEOFF_LABEL) == "True":
            continue
        container = read_container(api, text(entry, "Id"))
        if container is not None:
            found.append(container)
    return tuple(sorted(found, key=lambda container: (container.service, container.number)))


def read_container(api: Api, identity: str) -> Container | None:
    """Return a container by id or name, None where it is gone. Raises EngineError."""
    try:
        found = parse_container(api.inspect(identity))
        # A process of another machine is not the one that has its number here.
        return found._replace(pid=0) if api.address.is_elsewhere else found
    except EngineError as error:
        if error.process_exit_code == 404:
            return None
        raise


def restart_container(api: Api, identity: str, stop_seconds: int | None = None) -> None:
    """Stop a container and start it again; a start mounts its files anew. Raises EngineError.

    It has `stop_seconds` to end by itself, its own grace period if None.
    """
    query: dict[str, Plain] = {} if stop_seconds is None else {"t": stop_seconds}
    api.timeout, before = (stop_seconds or _LONGEST_GRACE) + 30.0, api.timeout
    try:
        api.post(f"/containers/{identity}/restart", None, **query)
    finally:
        api.timeout = before


def parse_container(answer: Plain) -> Container:
    """Return the typed value of an answer of ContainerInspect."""
    labels = mapping(answer, "Config", "Labels")
    number = text(labels, _NUMBER_LABEL)
    state = mapping(answer, "State")
    return Container(
        id=text(answer, "Id"),
        name=text(answer, "Name").lstrip("/"),
        service=text(labels, SERVICE_LABEL),
        number=int(number) if number.isdigit() else 1,
        status=text(state, "Status"),
        exit_code=integer(state, "ExitCode"),
        error=text(state, "Error"),
        out_of_memory=at(state, "OOMKilled") is True,
        health=_health(text(state, "Health", "Status")),
        probes=tuple(_probe(entry) for entry in items(state, "Health", "Log")),
        created=parse_time(text(answer, "Created")),
        started=parse_time(text(state, "StartedAt")),
        finished=parse_time(text(state, "FinishedAt")),
        restarts=integer(answer, "RestartCount"),
        restart_policy=text(answer, "HostConfig", "RestartPolicy", "Name"),
        memory_limit=integer(answer, "HostConfig", "Memory"),
        bindings=_bindings(mapping(answer, "NetworkSettings", "Ports")),
        image=text(answer, "Config", "Image"),
        user=text(answer, "Config", "User"),
        pid=integer(state, "Pid"),
        exposed=_exposed(mapping(answer, "Config", "ExposedPorts")),
    )


def _health(status: str) -> str:
    return "" if status == "none" else status


def _probe(entry: Plain) -> Probe:
    ended = parse_time(text(entry, "End"))
    return Probe(
        ended=ended,
        seconds=max(0.0, ended - parse_time(text(entry, "Start"))),
        exit_code=integer(entry, "ExitCode"),
        output=text(entry, "Output").strip(),
    )


def _exposed(ports: dict[str, Plain]) -> tuple[int, ...]:
    named = (port.partition("/") for port in ports)
    return tuple(sorted(int(port) for port, _, kind in named if port.isdigit() and kind == "tcp"))


def _bindings(ports: dict[str, Plain]) -> tuple[Binding, ...]:
    found = set()
    for target, published in ports.items():
        port, _, protocol = target.partition("/")
        for entry in items(published):
            host_port = text(entry, "HostPort")
            if host_port.isdigit():
                address = text(entry, "HostIp")
                found.add(Binding(address, int(host_port), int(port), protocol or "tcp"))
    return tuple(sorted(found))
