"""Connections of a project -> who talks to whom: one line for each pair, with the places of it."""

from __future__ import annotations

from collections.abc import Iterable

from bootready.model.connection import Connection, Means, Origin
from bootready.model.position import Location
from bootready.typed import NamedTuple


class Talk(NamedTuple):
    """`service` talks to `target` at `ports`, because of `places`, each with its name."""

    service: str
    target: str
    protocol: str
    ports: tuple[int, ...]
    places: tuple[tuple[str, Location], ...]


def talks_of(connections: Iterable[Connection], names: Iterable[str]) -> tuple[Talk, ...]:
    """Return who of the services in `names` talks to whom, in the order in which it is written.

    Healthchecks are no talk, and who means itself talks to nobody.
    """
    known = set(names)
    found: dict[tuple[str, str], list[Connection]] = {}
    for one in connections:
        if one.means is not Means.SERVICE or one.origin is Origin.HEALTHCHECK:
            continue
        for target in one.targets:
            if one.service in known and target in known and target != one.service:
                found.setdefault((one.service, target), []).append(one)
    return tuple(_talk(service, target, made) for (service, target), made in found.items())


def _talk(service: str, target: str, made: list[Connection]) -> Talk:
    protocols = [one.protocol for one in made if one.protocol]
    return Talk(
        service,
        target,
        protocols[0] if protocols else "",
        tuple(dict.fromkeys(one.reaches for one in made if one.reaches)),
        tuple(dict.fromkeys(place for one in made for place in _places(one))),
    )


def _places(one: Connection) -> list[tuple[str, Location]]:
    """Return the place of the host, and that of the port where another variable has it."""
    beside = one.port_location
    if beside is None or beside.span == one.location.span or not beside.path:
        return [(one.words, one.location)]
    return [(one.words, one.location), (f"`{beside.path[-1]}`", beside)]


def spoken(talk: Talk) -> str:
    """Return what is spoken and where, for a line: ``postgres, port 5432``."""
    words = [talk.protocol] if talk.protocol else []
    if talk.ports:
        ports = ", ".join(map(str, talk.ports))
        words.append(f"port{'s' if len(talk.ports) > 1 else ''} {ports}")
    return ", ".join(words)
