"""A client logs in with what its server does not make."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.accounts import difference, makes_itself
from bootready.connections.find import connections_of
from bootready.connections.reach import is_read_by_program, targets_of
from bootready.connections.servers import servers_of
from bootready.knowledge.protocols import ADDRESSES
from bootready.model.connection import Connection, Means
from bootready.model.project import Project

_WORDS = {
    "user": "logs in as a user that {server} does not create",
    "password": "logs in with another password than {server} has",
    "database": "names a database that {server} does not create for the user",
    "vhost": "names a virtual host that {server} does not create",
    "missing": "has no password, and {server} asks for one",
    "unneeded": "logs in, and {server} has no such login",
}
_HINTS = {
    "user": "write the same user on both sides",
    "password": "take both from one variable or one secret",
    "database": "write the same database on both sides",
    "vhost": "write the same virtual host on both sides",
    "missing": "add the password to the address",
    "unneeded": "give the server a password, or take the login away",
}


@check(
    summary="user, password or database of a client are not those of the server",
    severity=Severity.WARNING,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.environment", "service.command"),
    mentions=ADDRESSES,
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/environment-variables/",
)
def credentials_differ(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the login in each address (or in the variables beside it) with the accounts that the
    image of the database, cache or broker makes from its own variables and options. Values are
    compared and never shown.

    ## Why it matters
    The server runs, and refuses its client.

    ## What you see
    ```
    FATAL:  password authentication failed for user "shop"
    ```

    ## Remedy
    Write the login once, in a variable or a secret that both services use.

    ## When to silence it
    If something else makes the account.

    ## Known limits
    PostgreSQL, MySQL, MariaDB, MongoDB, RabbitMQ, Redis and Valkey by their official images, and
    the first user of SQL Server, Neo4j and MinIO. A user of another name is not reported where a
    script of the first start may make it, nor where the client gets root's password too, nor a
    database that Prisma creates (a URL with `schema=`).
    """
    servers = servers_of(context.project, context.engine)
    told: set[tuple[str, str, object]] = set()
    for one in connections_of(context.project, context.host).found:
        targets = targets_of(one, servers)
        if one.means is not Means.SERVICE or len(targets) != 1 or not is_read_by_program(one):
            continue
        server = targets[0]
        if server.accounts is None or one.protocol != server.protocol:
            continue
        found = difference(one, server.accounts, _elsewhere(context.project, one))
        if found is None or (one.service, found.what, found.place.span) in told:
            continue
        if found.what in {"user", "database"} and makes_itself(context.project, one, found.what):
            continue
        told.add((one.service, found.what, found.place.span))
        words = _WORDS[found.what].format(server=f"service '{server.service.name}'")
        yield report(
            found.place,
            f"service '{one.service}': {_subject(found.place.path, one)} {words}",
            related=[found.there],
            hint=_HINTS[found.what],
        )


def _subject(path: tuple[str | int, ...], one: Connection) -> str:
    if path[2:3] == ("environment",) and len(path) > 3:
        return f"`{path[3]}`"
    return one.words


def _elsewhere(project: Project, one: Connection) -> str:
    service = project.service(one.service)
    if service is None:
        return ""
    words = [f"{entry.name}={entry.value or ''}" for entry in service.environment]
    words += [grant.target for grant in service.secrets]
    return "\n".join((*words, *(service.command or ()), *(service.entrypoint or ())))
