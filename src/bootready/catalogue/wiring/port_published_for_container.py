"""A client inside the project asks the port that is published on the host."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.find import connections_of
from bootready.connections.reach import published_as, targets_of
from bootready.connections.servers import servers_of
from bootready.knowledge.protocols import ADDRESSES
from bootready.model.connection import Connection, Means
from bootready.model.project import Project


@check(
    summary="the published port is given where the container's port is meant",
    severity=Severity.WARNING,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.ports",),
    mentions=ADDRESSES,
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/networking/",
)
def port_published_for_container(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the port of each address that names a service with the `ports` of that service.

    ## Why it matters
    `ports: ["33061:3306"]` makes port 33061 of the host lead to the container. Inside the project's
    networks there is no port 33061: clients that are services are refused there.

    ## What you see
    ```
    connect ECONNREFUSED 172.18.0.2:33061
    ```

    ## Remedy
    Write the container's port, the second number.

    ## When to silence it
    If the program listens on both ports.
    """
    servers = servers_of(context.project, context.engine)
    for one in connections_of(context.project, context.host).found:
        targets = targets_of(one, servers) if one.means is Means.SERVICE and one.port else []
        if not targets or any(one.port in target.ports for target in targets):
            continue
        entry = published_as(targets[0].service, one.port)
        if entry is None or _is_of_the_host(one, context.project):
            continue
        yield report(
            one.port_location or one.location,
            f"service '{one.service}': {one.words} asks port {one.port} of service "
            f"'{targets[0].service.name}', which is published on the host; in the container it is "
            f"{entry.target}",
            related=[entry.location.labelled(f"leads to {entry.target}")],
            hint=f"write port {entry.target}",
            kind=f"{one.port}>{entry.target}",
        )


def _is_of_the_host(one: Connection, project: Project) -> bool:
    """Tell whether the port comes from an env file whose variable publishes it.

    Such a file is there for Compose; that the program reads it as well is not said anywhere.
    """
    path = one.port_location.path if one.port_location else ()
    service = project.service(one.service)
    if path[2:3] != ("environment",) or service is None:
        return False
    name = path[3]
    return any(entry.name == name and entry.env_file for entry in service.environment) and any(
        use.reference.name == name and use.path[2:3] == ("ports",) for use in project.uses
    )
