"""A client is given a name that no service has, and that one nearly has."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.hosts import further_names, is_a_part, names_in, servers_named
from bootready.connections.find import connections_of
from bootready.connections.likely import likely_meant
from bootready.connections.named import for_browsers
from bootready.connections.servers import servers_of
from bootready.connections.whom import names_of, namespace_of
from bootready.knowledge.protocols import ADDRESSES
from bootready.model.connection import Connection, Means
from bootready.model.project import Project

_STAND_INS = frozenset(
    [
        "host",
        "hostname",
        "server",
        "example",
        "changeme",
        "user",
        "username",
        "your-host",
        "your_host",
        "domain",
        "name",
    ]
)


@check(
    summary="a name is given that no service has",
    severity=Severity.WARNING,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.environment", "service.command", "service.entrypoint", "service.volumes"),
    mentions=ADDRESSES,
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/networking/",
)
def host_unresolved(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds names in addresses that no service, alias, container, link or `extra_hosts` has, where one
    service of the project is meant by all appearances: its name is written in nearly the same way,
    it is the only one that speaks the protocol, or it listens on that port. The names that Compose
    1 gave to containers (`shop_db_1`) are among them. Variables for databases, caches and queues
    are left to `host-name-unknown`.

    ## Why it matters
    The client cannot find its server.

    ## What you see
    ```
    getaddrinfo ENOTFOUND shop_db_1
    ```

    ## Remedy
    Write the name of the service.

    ## When to silence it
    If the name belongs to a container outside of the project, on a network that both are on.
    """
    connections = connections_of(context.project, context.host)
    for missed in connections.unread:
        report.unseen(f"service '{missed.service}': {missed.reason}")
    if is_a_part(context.project):
        return
    servers = servers_of(context.project, context.engine)
    outside = _outside(context.project)
    for one in connections.found:
        if one.means is not Means.UNKNOWN or one.eager or one.host.lower() in _STAND_INS:
            continue
        if one.host in context.project.disabled or for_browsers(one.name):
            continue
        meant = likely_meant(one, servers, context.project.name, surely=one.service in outside)
        if meant is None or _is_told_elsewhere(one, context.project, outside):
            continue
        yield report(
            one.location,
            f"service '{one.service}': {one.words} names host '{one.host}', which nothing in the "
            f"project has; service '{meant.service.name}' seems to be meant",
            related=[meant.service.location.labelled("perhaps this one")],
            hint=f"write `{meant.service.name}` instead of `{one.host}`",
            kind=f"{one.host}>{meant.service.name}",
        )


def _outside(project: Project) -> set[str]:
    """Return the services whose networks may have names from outside of the project."""
    external = {network.key for network in project.networks if network.external}
    names = names_of(project)
    found = set()
    for service in project.services:
        owner = namespace_of(service, names)
        own = names.services.get(owner)
        if own is None or any(one.network in external for one in own.networks):
            found.add(service.name)
    return found


def _is_told_elsewhere(one: Connection, project: Project, outside: set[str]) -> bool:
    """Tell whether ``host-name-unknown`` looks at the place: one cause, one finding."""
    service = project.service(one.service)
    if service is None or not service.networks or service.network_mode or one.service in outside:
        return False
    known = names_in(project) | further_names(service)
    return any(
        named.entry.location.span == one.location.span and named.name not in known
        for named in servers_named(service)
    )
