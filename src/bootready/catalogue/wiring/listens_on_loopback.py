"""A server listens on the loopback interface of its container, where others cannot reach it."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.binding import DEFAULTS, Bound, loopback_of
from bootready.connections.find import connections_of
from bootready.model.connection import Connection, Means
from bootready.model.position import Location
from bootready.model.project import Service


@check(
    summary="a server that others must reach listens on localhost only",
    severity=Severity.WARNING,
    uses=Needs.HOST,
    looks_at=("service.command", "service.entrypoint", "service.environment"),
    mentions=("127.0.0.1", "localhost", "::1", *DEFAULTS),
    since="0.1.0",
    reference="https://docs.docker.com/engine/network/#published-ports",
)
def listens_on_loopback(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds servers that are told to listen on `127.0.0.1` or `localhost`, or do so unless they are
    told otherwise (`flask run`, `uvicorn`, `manage.py runserver`), while their port is published or
    another service talks to them.

    ## Why it matters
    The loopback interface of a container is its own. Neither the published port nor another service
    gets there.

    ## What you see
    ```
    curl: (56) Recv failure: Connection reset by peer
    ```

    ## Remedy
    Let the server listen on `0.0.0.0`.

    ## When to silence it
    If something else in the container passes the requests on.
    """
    connections: tuple[Connection, ...] | None = None
    for service in context.project.services:
        if service.network_mode:
            continue
        for bound in loopback_of(service):
            if connections is None:
                connections = connections_of(context.project, context.host).found
            who, place = _who(service, bound, connections)
            if place is not None:
                yield report(
                    bound.location,
                    f"service '{service.name}': {bound.words}, and {who} cannot reach it there",
                    related=[place],
                    hint="let it listen on 0.0.0.0",
                )
                break


def _who(
    service: Service, bound: Bound, connections: tuple[Connection, ...]
) -> tuple[str, Location | None]:
    """Return who should reach the server, in words, and the place that says so."""
    for port in service.ports:
        if port.target == bound.port and port.protocol == "tcp":
            return f"published port {port.published or port.target}", port.location
    for one in connections:
        reached = one.reaches == bound.port and bound.port
        if one.means is Means.SERVICE and service.name in one.targets and reached:
            return f"service '{one.service or 'of the proxy'}'", one.location
    return "", None
