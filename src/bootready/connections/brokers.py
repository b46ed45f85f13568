"""A server that is told where it listens -> its ports; a broker -> what it tells clients to ask.

Kafka and Redpanda answer the first question of a client with the address that they advertise for
the listener; the client then asks there (KIP-103).
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.connections.whom import LOOPBACK
from bootready.knowledge.protocols import protocol_of_image
from bootready.model.lookup import place_in
from bootready.model.position import Location
from bootready.model.project import Service
from bootready.regex import regex
from bootready.typed import NamedTuple

_ONE = regex(
    r"(?:(?P<name>[A-Za-z0-9_]{1,60}+)://)?(?P<host>\[[0-9a-f:]*\]|[\w.-]{0,253}+):(?P<port>\d{1,5}+)"
)
_FPM = regex(r"(?:^|/)php:[\w.-]*fpm")
_LISTENS = ("KAFKA_LISTENERS", "KAFKA_CFG_LISTENERS")
_ADVERTISES = ("KAFKA_ADVERTISED_LISTENERS", "KAFKA_CFG_ADVERTISED_LISTENERS")
_REDPANDA = ("--kafka-addr", "--advertise-kafka-addr")


class Listener(NamedTuple):
    """An address of a broker, for the listener of that name."""

    name: str
    host: str
    port: int
    location: Location


def told_ports(service: Service) -> frozenset[int]:
    """Return the ports that a server is told to listen on, which are then all; none if untold."""
    image = service.image or ""
    protocol = protocol_of_image(image) if image and service.build is None else ""
    if protocol == "kafka":
        found = list(_listening(service)) or list(_advertised(service))
        return frozenset(one.port for one in found)
    given = {entry.name: entry.value or "" for entry in service.environment}
    if protocol == "zookeeper":
        port = given.get("ZOOKEEPER_CLIENT_PORT", "")
        return frozenset({int(port)} if port.isdigit() and len(port) < 6 else ())
    if protocol == "docker" and "dind" in image and not service.command and not service.entrypoint:
        # https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh
        return frozenset({2376 if given.get("DOCKER_TLS_CERTDIR", "/certs") else 2375})
    if _FPM.search(image) and not service.command and not service.entrypoint:
        # https://github.com/docker-library/php/blob/master/Dockerfile-linux.template
        own = any("php-fpm" in mount.target for mount in service.mounts)
        return frozenset() if own or service.build is not None else frozenset({9000})
    return frozenset()


def misled(service: Service, port: int) -> Listener | None:
    """Return the loopback address that a broker tells to clients which ask `port`, else None."""
    listening = {one.name: one.port for one in _listening(service)}
    for one in _advertised(service):
        asked = listening.get(one.name, one.port)
        if asked == port and LOOPBACK.fullmatch(one.host.lower().strip("[]")):
            return one
    return None


def _listening(service: Service) -> Iterator[Listener]:
    yield from _of(service, _LISTENS, _REDPANDA[0])


def _advertised(service: Service) -> Iterator[Listener]:
    yield from _of(service, _ADVERTISES, _REDPANDA[1])


def _of(service: Service, names: tuple[str, ...], option: str) -> Iterator[Listener]:
    for entry in service.environment:
        if entry.name in names and entry.value:
            yield from _listed(entry.value, entry.location)
    words = service.command or ()
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == option:
            following = words[index + 1] if index + 1 < len(words) else ""
            yield from _listed(value if equals else following, place_in(service, "command", index))


def _listed(text: str, location: Location) -> Iterator[Listener]:
    for part in text.split(",")[:50]:
        found = _ONE.fullmatch(part.strip())
        if found is not None:
            yield Listener(found["name"] or "", found["host"], int(found["port"]), location)
