"""Two services publish the same host port: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.knowledge.engine.ports import meet, numbers
from bootready.model.lookup import value_at
from bootready.model.project import Port, Service


@check(
    summary="two services publish the same host port",
    severity=Severity.ERROR,
    looks_at=("service.ports",),
    traits=Trait.NOT_FOR_SWARM,
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#ports",
)
def published_port_duplicate(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the address, port and protocol of all published ports of the selected services. A
    service with replicas publishes each of its ports several times.

    ## Why it stops boot
    The second container cannot start. `docker compose config` accepts the project.

    ## What you see
    ```
    Bind for 127.0.0.1:18998 failed: port is already allocated
    ```

    ## Remedy
    Give one of the services another host port. For replicas, publish a range such as
    `8080-8081:80`, or put a proxy in front.

    ## When to silence it
    If the two services never run at the same time. Better: put them in different profiles.
    """
    seen: dict[tuple[int, str], list[tuple[Port, str]]] = {}
    for service in context.project.services:
        scale = _scale_of(service)
        for port in service.ports if service.network_mode != "host" else ():
            for number in numbers(port.published):
                earlier = seen.setdefault((number, port.protocol), [])
                if rival := _rival(earlier, port):
                    yield report(
                        port.location,
                        f"service '{service.name}': {number}/{port.protocol} is"
                        f" {_by(rival[1], service)}",
                        related=[rival[0].location.labelled("published here first")],
                    )
                elif scale not in {"0", "1"} and "-" not in port.published:
                    yield report(
                        port.location,
                        f"service '{service.name}': {scale} replicas publish {number}",
                    )
                earlier.append((port, service.name))


def _scale_of(service: Service) -> str:
    entries = service.node.entries
    if "deploy" not in entries and "scale" not in entries:
        return "1"
    replicas = value_at(service.node, "deploy", "replicas") or value_at(service.node, "scale")
    return str(replicas or 1)


def _rival(earlier: list[tuple[Port, str]], port: Port) -> tuple[Port, str] | None:
    """Return what publishes the same already, with the name of its service."""
    for one in earlier:
        if meet(one[0].host_ip, port.host_ip):
            return one
    return None


def _by(rival: str, service: Service) -> str:
    return "published twice" if rival == service.name else f"published by service '{rival}' too"
