"""A refused published port -> the port, the line that asks for it, and what already has it."""

from itertools import combinations

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.knowledge.engine.ports import meet
from bootready.model.project import Port
from bootready.regex import regex

_SAID = regex(
    r"(?:Bind for|listen (?P<protocol>tcp|udp)\d?|bind host port(?: for)?)"
    r" (?P<address>\[?[\d.:a-f]*\]?):(?P<port>\d+)(?:/(?P<after>\w+))?"
    r".*(?:already (?:allocated|in use))"
)


@symptom(summary="a host port is already in use", rank=10)
def port_taken(evidence: Evidence) -> Explanation | None:
    """The engine cannot publish the port: a container or another process listens on it."""
    said = _SAID.search(evidence.refusal)
    if said is None:
        return None
    port = int(said["port"])
    protocol = said["protocol"] or said["after"] or ""
    own = evidence.service.ports if evidence.service else ()
    mine = [one for one in own if _has(one, port) and protocol in {"", one.protocol}]
    rivals = [
        (service.name, one)
        for service in evidence.project.services
        for one in service.ports
        if service is not evidence.service and any(_collide(one, other, port) for other in mine)
    ]
    owner = evidence.users.get(port, "")
    twice = any(_collide(one, other, port) for one, other in combinations(mine, 2))
    if rivals:
        cause = f"service '{rivals[0][0]}' of this project publishes host port {port} too"
    elif twice or _replicated(evidence):
        cause = f"the service publishes host port {port} more than once"
    elif owner:
        cause = f"host port {port} is in use by {owner}"
    else:
        cause = f"another program or container on this machine listens on port {port}"
    finder = f"ss -ltnp 'sport = :{port}'; docker ps --filter publish={port}"
    return Explanation(
        headline=f"cannot be started: host port {port} is already in use",
        cause=cause,
        remedy=f"publish another host port, or stop the program that uses it (find it: {finder})",
        location=mine[0].location if mine else attribute(evidence.service, "ports"),
        related=tuple(one.location for _, one in rivals),
    )


def _collide(one: Port, other: Port, number: int) -> bool:
    """Tell whether both publish host port `number` so that the second one is refused."""
    if not (_has(one, number) and _has(other, number)) or one.protocol != other.protocol:
        return False
    return meet(one.host_ip, other.host_ip)


def _has(port: Port, number: int) -> bool:
    first, _, last = port.published.partition("-")
    if not first.isdigit():
        return False
    return int(first) <= number <= int(last if last.isdigit() else first)


def _replicated(evidence: Evidence) -> bool:
    keys = evidence.service.node.entries if evidence.service else {}
    return "scale" in keys or "deploy" in keys
