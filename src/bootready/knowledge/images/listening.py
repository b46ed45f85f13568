"""A service of a known image -> the ports on which its program listens, and how surely."""

from __future__ import annotations

import re

from bootready.knowledge.images.conditions import option_value
from bootready.knowledge.images.known import KnownService
from bootready.typed import NamedTuple


class Listening(NamedTuple):
    """The ports of a program, without those that are `closed` for a reason of their own.

    `care` is why that is not certain, `instead` what the data says about it.
    """

    ports: frozenset[int]
    closed: frozenset[int]
    care: str
    instead: str


def listening(known: KnownService) -> Listening | None:
    """Return the ports of the program, None where nothing is known or a file may open others."""
    facts = [*known.facts(known.image.family.listens)]
    if not facts or any(known.meets(condition) for fact, _ in facts for condition in fact.moved_by):
        return None
    closed = {p for fact, _ in known.facts(known.image.family.closed_ports) for p in fact.ports}
    ports: set[int] = set()
    for fact, _ in facts:
        more = {port for mover in fact.movers if (port := _moved(mover.lstrip("+"), known))}
        moved = any(_moved(mover, known) for mover in fact.movers if mover[0] != "+")
        ports |= more | set(fact.ports[1:] if moved else fact.ports)
    return Listening(frozenset(ports), frozenset(closed), facts[0][1], facts[0][0].instead)


def _moved(mover: str, known: KnownService) -> int:
    about, _, subject = mover.partition(" ")
    if about == "option":
        found = re.search(r"(\d+)/?$", option_value(known.seen.argv, subject) or "")
    elif about == "words":
        found = re.search(subject, " ".join(known.seen.argv))
    else:
        name, _, pattern = subject.partition("=")
        found = re.search(pattern or r"(\d+)/?$", known.seen.variables.get(name, ""))
    return int(found[1]) if found else 0
