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
_AGENT = regex(r"-javaagent:[^\s=]{1,300}+=(?:[\w.-]{1,100}:)?(\d{2,5}):", needs=("-javaagent:",))
_JMX = frozenset({"KAFKA_JMX_PORT", "JMX_PORT"})
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
        return (
            frozenset(one.port for one in (*found, *_of_other_servers(service)))
            if found
            else frozenset()
        )
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


def _of_other_servers(service: Service) -> Iterator[Listener]:
    """Yield where the servers inside of a broker listen: REST, metadata, JMX.

    https://docs.confluent.io/platform/current/kafka/configure-mds/index.html
    """
    for entry in service.environment:
        value = entry.value or ""
        if entry.name.endswith("_LISTENERS") and "ADVERTISED" not in entry.name and "://" in value:
            yield from _listed(value, entry.location)
        elif entry.name in _JMX and value.isascii() and value.isdecimal() and len(value) < 6:
            yield Listener("", "", int(value), entry.location)


def agent_ports(service: Service) -> frozenset[int]:
    """Return the ports on which agents in a Java program serve its metrics.

    https://github.com/prometheus/jmx_exporter: ``-javaagent:FILE=[HOST:]PORT:CONFIGURATION``
    """
    given = [entry.value or "" for entry in service.environment]
    texts = (*given, *(service.command or ()), *(service.entrypoint or ()))
    found = (one for text in texts if "-javaagent:" in text for one in _AGENT.finditer(text))
    return frozenset(int(one[1]) for one in found)


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
