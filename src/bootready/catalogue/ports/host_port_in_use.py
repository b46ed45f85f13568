"""A host port is already in use: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.knowledge.engine.ports import meet, numbers
from bootready.model.project import Port

_PROXY = "'docker-proxy'"
"""The process by which an engine publishes the port of a container."""

_NOBODY = "another process"
"""One that only its owner and root may see."""


@check(
    summary="a host port is already in use",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.ports",),
    traits=(Trait.NOT_FOR_SWARM, Trait.TRANSIENT),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ports",
    proof="what holds the port differs per machine; tests/faults takes one",
)
def host_port_in_use(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares every published port with the listening sockets of this machine and the ports of
    running containers. Ports held by this project are assumed to be free.

    ## Why it stops boot
    The engine cannot bind the port: the container is created but does not start, and half of the
    project is up.

    ## What you see
    ```
    Bind for 127.0.0.1:18443 failed: port is already allocated
    listen tcp4 127.0.0.1:18999: bind: address already in use
    ```

    The first line means another container, the second another process. Neither names the owner.

    ## Remedy
    Stop the program that uses the port, or publish another port.

    ## When to silence it
    If the other program is stopped before this project starts.
    """
    mine, others = set[int](), dict[tuple[str, int, str], str]()
    for fact in context.engine.containers() if context.engine.reachable else ():
        for taken in fact.ports:
            if fact.project == context.project.name:
                mine.add(taken[1])
            else:
                others[taken] = fact.name
    for service in context.project.services:
        for port in service.ports if service.network_mode != "host" else ():
            for number in numbers(port.published):
                owner = "" if number in mine else _owner(context, port, number, others)
                if owner:
                    yield report(
                        port.location.labelled("this port is in use"),
                        f"service '{service.name}': port {number} is in use by {owner}",
                        hint=_hint(context, number, owner),
                    )


def _hint(context: Context, number: int, owner: str) -> str:
    another = f"publish another port than {number}"
    if context.engine.reachable or not owner.startswith((_PROXY, _NOBODY)):
        return f"stop it, or {another}"
    # To whoever may not ask the engine, the project itself looks like this while it runs.
    return f"stop it (a container, perhaps this project's own: docker ps), or {another}"


def _owner(
    context: Context, port: Port, number: int, others: dict[tuple[str, int, str], str]
) -> str:
    for (address, taken, protocol), name in others.items():
        if taken == number and protocol == port.protocol and meet(address, port.host_ip):
            return f"container '{name}'"
    for listener in context.host.listeners(number):
        # A process that listens on `::` takes the port of IPv4 too, unless it asked not to.
        address = "" if listener.address == "::" else listener.address
        if listener.protocol == port.protocol and meet(address, port.host_ip):
            return f"'{listener.process}' (pid {listener.pid})" if listener.process else _NOBODY
    return ""
