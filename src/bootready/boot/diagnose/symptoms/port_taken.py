"""A refused published port -> the port, the line that asks for it, and what already has it."""

import re

from bootready.boot.diagnose.api import Evidence, Explanation, attribute, symptom
from bootready.model.project import Port, Project

_SAID = re.compile(
    r"(?:Bind for|listen (?:tcp|udp)\d?|bind host port(?: for)?) (?P<address>\[?[\d.:a-f]*\]?):"
    r"(?P<port>\d+)(?:/\w+)?.*(?:already (?:allocated|in use))"
)


@symptom(summary="a host port is already in use", rank=10)
def port_taken(evidence: Evidence) -> Explanation | None:
    """The engine cannot publish the port: a container or another process listens on it."""
    said = _SAID.search(evidence.refusal)
    if said is None:
        return None
    port = int(said["port"])
    mine = [one for one in evidence.service.ports if _has(one, port)] if evidence.service else []
    rivals = [
        (service.name, one)
        for service in evidence.project.services
        for one in service.ports
        if service is not evidence.service and _has(one, port)
    ]
    owner = evidence.users.get(port, "")
    if rivals:
        cause = f"service '{rivals[0][0]}' of this project publishes host port {port} too"
    elif len(mine) > 1 or _replicated(evidence):
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


def publishers(project: Project, port: int) -> list[str]:
    """Return the services of `project` that publish host port `port`."""
    return [one.name for one in project.services if any(_has(p, port) for p in one.ports)]


def _has(port: Port, number: int) -> bool:
    first, _, last = port.published.partition("-")
    if not first.isdigit():
        return False
    return int(first) <= number <= int(last if last.isdigit() else first)


def _replicated(evidence: Evidence) -> bool:
    keys = evidence.service.node.entries if evidence.service else {}
    return "scale" in keys or "deploy" in keys
