"""A project that is up -> its endpoints, each asked until it answers or its time is over.

Published TCP ports are asked without being told. More is declared where Compose ignores it, in
`x-bootready: {verify: [...]}` of a service: ``url`` (status, json), ``tcp``, ``exec``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

from bootready.boot.secret_files import project_redactor
from bootready.boot.verify.listening import listening, spoken
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

Answer = tuple[bool, str]
Told = Callable[[Sequence[Endpoint], float, float], None]
"""Hears of endpoints, the seconds that they have been asked for, and the limit."""
NEWS = 1.0
"""Seconds between two of its calls."""
PAUSE = 0.5
"""Seconds between two questions: a gateway learns a route some time after its container is up."""


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
    containers = project_containers(api, project.name)
    redact = project_redactor(project)
    questions: list[tuple[Endpoint, Callable[[], Answer]]] = []
    for service in services:
        mine = [one for one in containers if one.service == service.name]
        questions += _declared(project, service, containers, api)
        questions += _published(service, mine)
    stop = Event()
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=max(1, min(len(questions), 64))) as pool:
        jobs = [pool.submit(_until, one, ask, timeout, redact, stop) for one, ask in questions]
        try:
            while wait(jobs, timeout=NEWS).not_done:
                if told is not None:
                    asked = [
                        one._replace(answered=job.done())
                        for (one, _), job in zip(questions, jobs, strict=True)
                    ]
                    told(asked, time.monotonic() - began, timeout)
            found = [job.result() for job in jobs]
        except BaseException:
            stop.set()  # Ctrl-C is not to wait for the time that the endpoints still have
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(_explained(one, containers, api) for one in found)


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


def _until(
    endpoint: Endpoint, ask: Callable[[], Answer], timeout: float, redact: Redactor, stop: Event
) -> Endpoint:
    began = time.monotonic()
    while True:
        try:
            answered, detail = ask()
        except (OSError, ValueError) as error:
            answered, detail = False, str(error)
        spent = time.monotonic() - began
        if answered or stop.is_set() or spent + PAUSE > timeout:
            words = redact(detail.strip().splitlines()[0][:160] if detail.strip() else "")
            return endpoint._replace(answered=answered, detail=words, seconds=spent)
        stop.wait(PAUSE)


def _published(
    service: Service, containers: Sequence[Container]
) -> list[tuple[Endpoint, Callable[[], Answer]]]:
    found: dict[tuple[str, int], tuple[Endpoint, Callable[[], Answer]]] = {}
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
            found.setdefault(
                (address, one.host_port),
                (endpoint, lambda a=address, p=one.host_port: ask_tcp(a, p)),  # type: ignore[misc]  # defaults bind the loop's values
            )
    return list(found.values())


def _declared(
    project: Project, service: Service, containers: Sequence[Container], api: Api
) -> list[tuple[Endpoint, Callable[[], Answer]]]:
    found: list[tuple[Endpoint, Callable[[], Answer]]] = []
    hints = service.node.entries.get("x-bootready")
    wishes = hints.entries.get("verify") if isinstance(hints, Mapping) else None
    for node in wishes.items if isinstance(wishes, ListNode) else ():
        value = plain(node)
        if isinstance(value, dict):
            found.append(_question(project, service, containers, api, value, node))
    return found


def _question(  # noqa: PLR0917 - the facts of one declared verification
    project: Project,
    service: Service,
    containers: Sequence[Container],
    api: Api,
    wish: dict[str, Plain],
    node: Node,
) -> tuple[Endpoint, Callable[[], Answer]]:
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
    return endpoint, ask


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
