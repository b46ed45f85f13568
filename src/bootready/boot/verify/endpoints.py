"""A project that is up -> its endpoints, each asked until it answers or its time is over.

Published TCP ports are asked without being told. More is declared where Compose ignores it, in
`x-bootready: {verify: [...]}` of a service: ``url`` (status, json), ``tcp``, ``exec``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from threading import Event

from bootready.boot.secret_files import project_redactor
from bootready.boot.verify.listening import is_loopback, listening, sockets_of, spoken
from bootready.boot.verify.probes import (
    NOT_OURS,
    ask_exec,
    ask_tcp,
    ask_url,
    published_address,
    reachable,
)
from bootready.engine.api import Api
from bootready.engine.container import Container, project_containers
from bootready.knowledge.secrets.forms import masked
from bootready.knowledge.secrets.redact import Redactor
from bootready.model.boot import Endpoint
from bootready.model.node import Mapping, Node, Plain, plain
from bootready.model.node import Sequence as ListNode
from bootready.model.position import Location
from bootready.model.project import Project, Service
from bootready.typed import NamedTuple

Answer = tuple[bool, str]
Told = Callable[[Sequence[Endpoint], float, float], None]
"""Hears of endpoints, the seconds that they have been asked for, and the limit."""
NEWS = 1.0
"""Seconds between two of its calls."""
PAUSE = 0.5
"""Seconds between two questions: a gateway learns a route some time after its container is up."""
SURE = 3.0
"""Seconds after which a program that listens on 127.0.0.1 alone is not waited for any more."""


class _Question(NamedTuple):
    """An endpoint, and how to ask it; `container` and `port` where it is a published port."""

    endpoint: Endpoint
    ask: Callable[[], Answer]
    container: Container | None = None
    port: int = 0

    def is_hopeless(self) -> bool:
        """Tell whether the program listens on the port, and only inside of its container."""
        here = [one.address for one in sockets_of(self.container) or () if one.port == self.port]
        return bool(here) and all(map(is_loopback, here))


class Asking:
    """Endpoints that are being asked, each in a thread of its own until it answers."""

    def __init__(
        self, project: Project, services: Sequence[Service], api: Api, timeout: float
    ) -> None:
        """Begin to ask; each has `timeout` seconds from now on. Raises EngineError."""
        self._api = api
        self._containers = project_containers(api, project.name)
        self._timeout = timeout
        self._stop = Event()
        self._began = time.monotonic()
        redact = project_redactor(project)
        self._questions: list[_Question] = []
        for service in services:
            mine = [one for one in self._containers if one.service == service.name]
            self._questions += _declared(project, service, self._containers, api)
            if not api.address.is_elsewhere:
                self._questions += _published(service, mine)
        self._pool = ThreadPoolExecutor(max_workers=max(1, min(len(self._questions), 64)))
        self._jobs = [
            self._pool.submit(_until, one, timeout, redact, self._stop) for one in self._questions
        ]

    def answers(self, told: Told | None = None) -> tuple[Endpoint, ...]:
        """Return every endpoint and whether it answered, once that is known of all.

        `told` hears every now and then which of them have not answered yet.
        """
        try:
            while wait(self._jobs, timeout=NEWS).not_done:
                if told is not None:
                    asked = [
                        one.endpoint._replace(answered=job.done())
                        for one, job in zip(self._questions, self._jobs, strict=True)
                    ]
                    told(asked, time.monotonic() - self._began, self._timeout)
            found = [job.result() for job in self._jobs]
        finally:
            self.stop()  # Ctrl-C is not to wait for the time that the endpoints still have
        return tuple(_explained(one, self._containers, self._api) for one in found)

    def stop(self) -> None:
        """Ask no more; questions that are being asked end by themselves."""
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)


def verify(
    project: Project,
    services: Sequence[Service],
    api: Api,
    timeout: float = 60.0,
    told: Told | None = None,
) -> tuple[Endpoint, ...]:
    """Return every endpoint and whether it answered within `timeout` seconds; asks all at once.

    `told` hears every now and then which of them have not answered yet.
    """
    return Asking(project, services, api, timeout).answers(told)


def _explained(endpoint: Endpoint, containers: Sequence[Container], api: Api) -> Endpoint:
    """Return the endpoint with where its container listens instead, where a port is wrong."""
    found = re.fullmatch(r"port (\d+)", endpoint.name)
    if endpoint.answered or endpoint.declared or found is None:
        return endpoint
    port = int(found[1])
    mine = next((one for one in containers if one.service == endpoint.service), None)
    sockets = listening(api, mine)
    if sockets is None:
        return endpoint
    here = [one for one in sockets if one.port == port]
    if here:
        return endpoint._replace(
            detail=f"closes the connection at once: the container listens only on {spoken(here)}",
            hint=f"let the program listen on 0.0.0.0:{port}, not on {here[0].address}",
        )
    if not sockets:
        return endpoint._replace(hint=f"let the program listen on port {port}; it listens on none")
    other = sockets[0].port
    return endpoint._replace(
        detail=f"closes the connection at once: the container listens on {spoken(sockets)}, not on"
        f" {port}",
        hint=f"publish port {other} instead of {port}, or let the program listen on {port}",
    )


def _until(question: _Question, timeout: float, redact: Redactor, stop: Event) -> Endpoint:
    began = time.monotonic()
    while True:
        try:
            answered, detail = question.ask()
        except (OSError, ValueError) as error:
            answered, detail = False, str(error)
        spent = time.monotonic() - began
        over = answered or stop.is_set() or spent + PAUSE > timeout
        if over or (spent > SURE and question.is_hopeless()):
            words = redact(detail.strip().splitlines()[0][:160] if detail.strip() else "")
            return question.endpoint._replace(answered=answered, detail=words, seconds=spent)
        stop.wait(PAUSE)


def _published(service: Service, containers: Sequence[Container]) -> list[_Question]:
    found: dict[tuple[str, int], _Question] = {}
    for container in containers:
        for one in container.bindings:
            if one.protocol != "tcp" or not container.running:
                continue
            address = reachable(one.host_ip)
            place = next(
                (p.location for p in service.ports if p.target == one.container_port), None
            )
            endpoint = Endpoint(
                service=service.name,
                name=f"port {one.container_port}",
                target=f"{_bracketed(address)}:{one.host_port}",
                answered=False,
                detail="",
                location=place,
            )
            ask = partial(ask_tcp, address, one.host_port)
            question = _Question(endpoint, ask, container, one.container_port)
            found.setdefault((address, one.host_port), question)
    return list(found.values())


def _declared(
    project: Project, service: Service, containers: Sequence[Container], api: Api
) -> list[_Question]:
    found: list[_Question] = []
    hints = service.node.entries.get("x-bootready")
    wishes = hints.entries.get("verify") if isinstance(hints, Mapping) else None
    for node in wishes.items if isinstance(wishes, ListNode) else ():
        value = plain(node)
        # A port of another machine may be closed to us by a firewall: only `exec` asks there.
        away = api.address.is_elsewhere and isinstance(value, dict) and "exec" not in value
        if isinstance(value, dict) and not away:
            found.append(_question(project, service, containers, api, value, node))
    return found


def _question(  # noqa: PLR0917 - the facts of one declared verification
    project: Project,
    service: Service,
    containers: Sequence[Container],
    api: Api,
    wish: dict[str, Plain],
    node: Node,
) -> _Question:
    url, tcp, command = wish.get("url"), wish.get("tcp"), wish.get("exec")
    ask: Callable[[], Answer]
    if isinstance(url, str):
        target = url

        def ask() -> Answer:
            return ask_url(project.directory, containers, url, wish)
    elif isinstance(tcp, str | int):
        target = str(tcp)

        def ask() -> Answer:
            port = int(target.rpartition(":")[2])
            address = published_address(containers, port)
            return ask_tcp(address, port) if address else (False, NOT_OURS.format(port=port))
    elif isinstance(command, list):
        target = "exec"

        def ask() -> Answer:
            mine = [one for one in containers if one.service == service.name]
            return ask_exec(api, mine, [str(word) for word in command], wish)
    else:
        target = "?"

        def ask() -> Answer:
            raise ValueError("a verification needs `url`, `tcp` or `exec`")

    shown = masked(target)
    name = masked(str(wish.get("name") or target))
    place = Location(node.span, ("services", service.name, "x-bootready", "verify"))
    endpoint = Endpoint(service.name, name, shown, False, "", location=place, declared=True)
    return _Question(endpoint, ask)


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
