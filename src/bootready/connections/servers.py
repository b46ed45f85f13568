"""A project -> what is known of its services as servers: protocol, ports, and accounts."""

from __future__ import annotations

from functools import lru_cache

from bootready.connections.accounts import Accounts, accounts_of
from bootready.connections.brokers import agent_ports, told_ports
from bootready.connections.words import runs_client
from bootready.knowledge.images.known import KnownService, known_services
from bootready.knowledge.images.listening import listening
from bootready.knowledge.protocols import USUAL, protocol_of_image
from bootready.model.lookup import items_at, text_at
from bootready.model.project import Project, Same, Service
from bootready.typed import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from bootready.model.evidence import Engine


class Server(NamedTuple):
    """A service as others see it. `ports` are those that its image and attributes name.

    `complete`: the program listens on no other ones. `accounts` are None where nothing is known.
    """

    service: Service
    family: str
    protocol: str
    ports: frozenset[int]
    complete: bool
    care: str
    accounts: Accounts | None


def servers_of(project: Project, engine: Engine | None = None) -> dict[str, Server]:
    """Return the services by name; `engine` tells whether a local image is another one."""
    return _servers(Same(project), Same(engine))


@lru_cache(maxsize=1)
def _servers(of: Same, asked: Same) -> dict[str, Server]:
    project, engine = cast("Project", of.value), cast("Engine | None", asked.value)
    known = {one.service.name: one for one in known_services(project)}
    return {
        service.name: _server(service, known.get(service.name), project, engine)
        for service in project.services
    }


def _server(
    service: Service, known: KnownService | None, project: Project, engine: Engine | None
) -> Server:
    if known is not None and engine is not None and engine.reachable:
        known = known if known.agrees(engine.image(service.image or "")) else None
    protocol = protocol_of_image(service.image) if service.image and not service.build else ""
    claimed = {port.target for port in service.ports} | set(_exposed(service))
    told = told_ports(service)
    if known is None or not known.runs_program:
        protocol = "" if runs_client(service) else protocol
        ports = told | agent_ports(service) if told else frozenset(claimed)
        return Server(service, "", protocol, ports, bool(told), care="", accounts=None)
    found = listening(known)
    family = known.image.family.name
    certain = told or (found.ports if found else frozenset())
    certain |= agent_ports(service) if certain else frozenset()
    # What is published or exposed and not served has a finding of its own.
    ports = certain or frozenset(claimed) | USUAL.get(family, frozenset())
    return Server(
        service,
        family,
        protocol,
        ports,
        complete=bool(certain),
        care=found.care if found and not told else "",
        accounts=accounts_of(known, project),
    )


def _exposed(service: Service) -> list[int]:
    found = []
    for _, node in items_at(service.node, "expose"):
        first = text_at(node).partition("/")[0]
        if first.isdigit() and len(first) < 6:
            found.append(int(first))
    return found
