"""A client is given a name that no service has, and that one nearly has."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.find import connections_of
from bootready.connections.likely import likely_meant
from bootready.connections.named import for_browsers
from bootready.connections.servers import servers_of
from bootready.connections.whom import names_of, sees_others
from bootready.knowledge.protocols import ADDRESSES, is_database_name
from bootready.model.connection import Connection, Means, Origin
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
    1 gave to containers (`shop_db_1`) are among them. A variable for a database, a cache or a queue
    (`REDIS_HOST=redis`, `postgres://db/shop`) is enough, even if no service seems to be meant. So
    is the URL of a database, a cache or a queue that no active profile has.

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
    if _is_a_part(context.project):
        return
    servers = servers_of(context.project, context.engine)
    names = names_of(context.project)
    outside = {
        name for name, one in names.services.items() if sees_others(one, context.project, names)
    }
    for one in connections.found:
        if one.means is not Means.UNKNOWN or one.eager or one.host.lower() in _STAND_INS:
            continue
        if for_browsers(one.name):
            continue
        foreign = one.service in outside
        if one.host in context.project.disabled:
            # A variable for a host alone is often there for those who choose that profile.
            if one.scheme and _names_a_server(one) and not foreign:
                yield report(
                    one.location,
                    f"service '{one.service}': {one.words} names service '{one.host}', none of "
                    "whose profiles is active",
                    hint="activate a profile of it, or give the client one as well",
                )
            continue
        meant = likely_meant(one, servers, context.project.name, surely=foreign)
        if meant is not None:
            yield report(
                one.location,
                f"service '{one.service}': {one.words} names host '{one.host}', which nothing in "
                f"the project has; service '{meant.service.name}' seems to be meant",
                related=[meant.service.location.labelled("perhaps this one")],
                hint=f"write `{meant.service.name}` instead of `{one.host}`",
                kind=f"{one.host}>{meant.service.name}",
            )
        elif _names_a_server(one) and not foreign:
            yield report(
                one.location,
                f"service '{one.service}': {one.words} names host '{one.host}', which nothing in "
                "the project has",
                hint="write the name of a service",
            )


def _names_a_server(one: Connection) -> bool:
    """Tell whether a variable is about a server that a project usually brings along."""
    if one.origin is not Origin.VARIABLE or "." in one.host:
        return False
    return one.protocol not in {"", "http"} or is_database_name(one.name)


def _is_a_part(project: Project) -> bool:
    """Tell whether the files are no project of their own: a service has neither image nor build.

    Who writes that runs them with other files, which may give other names.
    """
    return any(
        service.image is None and service.build is None and "provider" not in service.node.entries
        for service in project.services
    )
