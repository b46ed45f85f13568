"""A stack as it runs -> memory, ports and connections on the page, asked every few seconds.

Only while a browser is connected, and in a thread of its own: nothing that boots waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event, Thread

from bootready.boot.verify.listening import seen_in
from bootready.boot.verify.probes import reachable
from bootready.boot.verify.reached import Reached, Seen, Wanted, reached
from bootready.engine.api import Api, connect, integer
from bootready.engine.container import Binding, read_container
from bootready.engine.stats import Listed, Memory, list_containers, memory_of
from bootready.errors import BootreadyError
from bootready.knowledge.protocols import PORTS, protocol_of_image
from bootready.model.node import Plain
from bootready.model.project import Project
from bootready.page.channel import Channel
from bootready.pipeline.report import talks
from bootready.report.talks import Talk

EVERY = 2.0
"""Seconds between two looks."""
FEW = 24
"""Of more containers fewer are asked for their memory at each look, so that it stays cheap."""
TLS = frozenset({443, 8443, 9443})
"""Ports that speak TLS by custom."""


@contextmanager
def stack_of(
    project: Callable[[], Project | None], environ: Mapping[str, str], channel: Channel
) -> Iterator[None]:
    """Tell how the stack is while the context lasts and a browser is connected.

    `project` returns what its files say now, None while they cannot be read.
    """
    over = Event()

    def read() -> None:
        stack: Stack | None = None
        while not over.wait(EVERY):
            now = project() if channel.listened_to else None
            if now is None:
                continue
            if stack is None or stack.project is not now:
                stack = Stack(now)
            with suppress(BootreadyError, OSError):
                api = connect(environ)
                channel.put(**stack.look(api))
                stack.weigh(api)  # to be shown with the next look

    Thread(target=read, daemon=True, name="page-stack").start()
    try:
        yield
    finally:
        over.set()


class Stack:
    """What is known of the running containers of a project, from one look to the next."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._memory: dict[str, Memory] = {}
        self._turn = 0
        self._running: tuple[str, ...] = ()
        self._whole = 0
        self._talks: tuple[Talk, ...] | None = None

    def look(self, api: Api) -> dict[str, Plain]:
        """Return the values to show, with the memory weighed last. Raises EngineError."""
        if self._talks is None:
            self._talks = talks(self.project)
            self._whole = integer(api.get("/info"), "MemTotal")
        listed = list_containers(api, self.project.name)
        self._running = tuple(one.id for one in listed if one.state == "running")
        wanted = wanted_of(self._talks)
        seen = _seen(api, listed, {one.target for one in wanted})
        known = {service.name for service in self.project.services}
        running: list[Plain] = [
            running_values(
                self.project, name, ours, self._memory, elsewhere=api.address.is_elsewhere
            )
            for name, ours in _by_service(listed).items()
            if name in known
        ]
        return {
            "running": running,
            "connections": [connection_values(one) for one in reached(wanted, seen)],
        }

    def weigh(self, api: Api) -> None:
        """Ask the next few of the running containers in turn for their memory, all at once.

        The engine answers with its next measurement, which may be a second away.
        """
        ids = self._running
        start = self._turn % max(1, len(ids))
        asked = [*ids[start:], *ids[:start]][:FEW]
        self._turn = (start + FEW) if len(ids) > FEW else 0

        def ask(identity: str) -> Memory | None:
            with suppress(BootreadyError, OSError):
                return memory_of(api, identity, self._whole)
            return None  # it has ended since

        found = {key: value for key, value in self._memory.items() if key in set(ids)}
        if asked:
            with ThreadPoolExecutor(len(asked)) as pool:
                answers = zip(asked, pool.map(ask, asked), strict=True)
                found |= {key: value for key, value in answers if value is not None}
        self._memory = found


def wanted_of(found: Iterable[Talk]) -> tuple[Wanted, ...]:
    """Return the connections of a project, one for each port."""
    return tuple(
        Wanted(one.service, one.target, port) for one in found for port in one.ports or (0,)
    )


def running_values(
    project: Project,
    name: str,
    ours: Sequence[Listed],
    memory: Mapping[str, Memory],
    *,
    elsewhere: bool = False,
) -> Plain:
    """Return one service as it runs; the engine's words for each container are joined.

    Of an engine that is `elsewhere` no port leads here.
    """
    weighed = [memory[one.id] for one in ours if one.id in memory]
    limits = [one.limit for one in weighed]
    bindings = dict.fromkeys(
        port for one in ours if one.state == "running" for port in one.bindings
    )
    return {
        "service": name,
        "status": ", ".join(dict.fromkeys(one.status for one in ours)),
        "memory": sum(one.used for one in weighed) if weighed else None,
        "limit": sum(limits) if limits and all(limits) else None,
        "ports": [] if elsewhere else _ports(project, name, bindings),
    }


def connection_values(one: Reached) -> Plain:
    """Return a connection as JSON can hold it."""
    return {**one._asdict(), "reach": one.reach.value}


def _ports(project: Project, name: str, bindings: Iterable[Binding]) -> list[Plain]:
    """Return the published ports, with an address to open where it may be a page."""
    found: dict[int, Plain] = {}
    service = project.service(name)
    image = protocol_of_image(service.image or "") if service else ""
    for one in bindings:
        if one.protocol != "tcp":
            continue
        address = reachable(one.host_ip)
        local = address.startswith("127.") or address in {"::1", "localhost"}
        page = local and PORTS.get(one.container_port) is None and image in {"", "http"}
        scheme = "https" if one.container_port in TLS else "http"
        host = f"[{address}]" if ":" in address else address
        href = f"{scheme}://{host}:{one.host_port}/" if page else ""
        found.setdefault(
            one.host_port, {"port": one.host_port, "inside": one.container_port, "href": href}
        )
    return list(found.values())


def _seen(api: Api, listed: Iterable[Listed], targets: set[str]) -> dict[str, Seen]:
    """Return what is known of each service; only what others connect to is looked into."""
    found: dict[str, Seen] = {}
    for name, ours in _by_service(listed).items():
        running = [one for one in ours if one.state == "running"]
        addresses = tuple(address for one in running for address in one.addresses)
        sockets = None
        if running and name in targets:
            container = read_container(api, running[0].id)
            sockets = seen_in(container) if container is not None else None
        if sockets is None:
            found[name] = Seen(bool(running), addresses=addresses)
        else:
            found[name] = Seen(bool(running), *sockets, addresses)
    return found


def _by_service(listed: Iterable[Listed]) -> dict[str, list[Listed]]:
    found: dict[str, list[Listed]] = {}
    for one in listed:
        found.setdefault(one.service, []).append(one)
    return found
