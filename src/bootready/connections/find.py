"""A project -> its connections: every address that a service is given, and whom it means.

Read once for each project, when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache

from bootready.connections.addresses import Address
from bootready.connections.files.read import addresses_of_files
from bootready.connections.labels import Asked, asked_of, proxies_of
from bootready.connections.named import Found, Given, default_port, found_in
from bootready.connections.whom import Names, meant, names_of
from bootready.connections.words import given_by_command, given_by_probe, runs_client
from bootready.knowledge.images.known import known_image
from bootready.knowledge.protocols import SCHEMES, protocol_of_image
from bootready.model.connection import Connection, Connections, Login, Means, Origin, Unread
from bootready.model.project import EnvironmentEntry, Project, Service
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Host

_SERVERS = frozenset(
    ("postgres", "mysql", "redis", "mongo", "amqp", "nats", "memcached", "mqtt", "mssql", "oracle")
)
"""Programs that connect to nobody because of a variable that they do not know."""
_ALSO_CLIENTS = frozenset({"pgbouncer", "spilo"})


class _Kept:
    """A project and the host that it was looked at on, equal to itself only."""

    __slots__ = ("host", "project")

    def __init__(self, project: Project, host: Host) -> None:
        self.project = project
        self.host = host

    def __hash__(self) -> int:
        return id(self.project.model)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Kept)
            and other.project.model is self.project.model
            and other.project.services is self.project.services
            and type(other.host) is type(self.host)
        )


def connections_of(project: Project, host: Host) -> Connections:
    """Return the connections of a project; `host` reads the files that it mounts.

    Kept for the last project that was asked about.
    """
    return _connections(_Kept(project, host))


@lru_cache(maxsize=1)
def _connections(kept: _Kept) -> Connections:
    project, host = kept.project, kept.host
    names = names_of(project)
    proxies = proxies_of(project)
    found: list[Connection] = []
    unread: list[Unread] = []
    known, overridden = _known(names), _shadowed(project)
    for service in project.services:
        found += _of_service(service, names, known, overridden)
        found += [_of_label(asked, service) for asked in asked_of(service, proxies)]
        read, missed = addresses_of_files(service, project, host)
        found += [_made(service, one.found, Origin.FILE, names, eager=one.eager) for one in read]
        unread += missed
    return Connections(tuple(found), tuple(unread))


def _known(names: Names) -> dict[str, object]:
    known: dict[str, object] = dict(names.everywhere)
    known.update({alias: who for (_, alias), who in names.aliases.items()})
    for service in names.services.values():
        for text in service.node.entries:
            if text in {"links", "external_links", "extra_hosts"}:
                known.update(_further(service))
                break
    return known


def _further(service: Service) -> Iterator[tuple[str, object]]:
    from bootready.model.lookup import entries_at, items_at, text_at

    for key in ("links", "external_links", "extra_hosts"):
        for _, node in items_at(service.node, key):
            for part in text_at(node).replace("=", ":").split(":")[:2]:
                yield part.lower(), service
        for name, _ in entries_at(service.node, key):
            yield name.lower(), service


def _of_service(
    service: Service, names: Names, known: dict[str, object], overridden: frozenset[str]
) -> Iterator[Connection]:
    if service.environment:
        entries = [
            Given(entry.name, entry.value, entry.location)
            for entry in service.environment
            if entry.value and _reads(service, entry, overridden)
        ]
        yield from _all(service, found_in(entries, known, _bare(service)), Origin.VARIABLE, names)
    if service.command or service.entrypoint:
        given = given_by_command(service)
        yield from _all(service, found_in(given, known), Origin.COMMAND, names)
    if service.healthcheck is not None:
        given = given_by_probe(service)
        yield from _all(service, found_in(given, known), Origin.HEALTHCHECK, names)


def _all(
    service: Service, found: Iterable[Found], origin: Origin, names: Names
) -> Iterator[Connection]:
    seen: set[tuple[object, ...]] = set()
    for one in found:
        made = _made(service, one, origin, names)
        key = (made.host, made.reaches, made.location.span, made.scheme)
        if key not in seen and not (made.means is Means.UNKNOWN and not one.certain):
            seen.add(key)
            yield made


def _bare(service: Service) -> str:
    """Return what a variable HOST means to the program in the image: Odoo's is its database."""
    image = known_image(service.image) if service.image and service.build is None else None
    return "postgres" if image is not None and image.family.name == "odoo" else ""


def _reads(service: Service, entry: EnvironmentEntry, overridden: frozenset[str]) -> bool:
    """Tell whether a variable may matter to the program; a database reads none of others' names.

    What comes from an env file that many share, and what another of them has to override, says
    nothing of the rest.
    """
    if entry.env_file is not None and entry.name in overridden:
        return False
    if not service.image or service.build is not None or runs_client(service):
        return True
    protocol = protocol_of_image(service.image)
    if protocol in {"kafka", "zookeeper"}:
        return "ZOOKEEPER" in entry.name or "ZOO_SERVERS" in entry.name
    image = known_image(service.image)
    if image is not None and image.family.name in _ALSO_CLIENTS:
        return True
    if image is not None and protocol == "http":
        names = image.family.variables
        return (not names and not entry.env_file) or any(
            fnmatchcase(entry.name, name) for name in names
        )
    return protocol not in _SERVERS


def _shadowed(project: Project) -> frozenset[str]:
    """Return the variables that some service has from an env file and another writes itself."""
    shared = {e.name for one in project.services for e in one.environment if e.env_file is not None}
    if not shared:
        return frozenset()
    own = {e.name for one in project.services for e in one.environment if e.env_file is None}
    return frozenset(shared & own)


def _made(
    service: Service, found: Found, origin: Origin, names: Names, *, eager: bool = False
) -> Connection:
    address = found.address
    means, targets = meant(address.host, service, names)
    if means is Means.SERVICE and targets == (service.name,):
        means = Means.ITSELF
    protocol = _protocol(found, targets, names) if means is Means.SERVICE else found.protocol
    return Connection(
        service=service.name,
        host=address.host,
        port=address.port,
        reaches=_reached(address, found.protocol, protocol),
        scheme=address.scheme,
        protocol=protocol,
        origin=origin,
        name=found.given.name,
        location=found.given.location,
        port_location=found.port_location,
        means=means,
        targets=targets,
        login=found.login,
        eager=eager,
        tls=address.tls,
    )


def _reached(address: Address, said: str, protocol: str) -> int:
    if address.port:
        return address.port
    if address.scheme and SCHEMES.get(address.scheme, ("", 0))[1]:
        return SCHEMES[address.scheme][1]
    return default_port(address, said or protocol)


def _protocol(found: Found, targets: tuple[str, ...], names: Names) -> str:
    """Return what is spoken: what the address says, else what the service that it means does."""
    if found.protocol and found.protocol != "http":
        return found.protocol
    images = {names.services[name].image or "" for name in targets}
    said = {protocol_of_image(image) for image in images if image}
    return found.protocol or (said.pop() if len(said) == 1 else "")


def _of_label(asked: Asked, service: Service) -> Connection:
    return Connection(
        service=asked.proxy,
        host=service.name,
        port=asked.port,
        reaches=asked.port,
        scheme=asked.scheme,
        protocol="http",
        origin=Origin.LABEL,
        name=asked.name,
        location=asked.location,
        port_location=asked.location,
        means=Means.SERVICE,
        targets=(service.name,),
        login=Login(),
    )
