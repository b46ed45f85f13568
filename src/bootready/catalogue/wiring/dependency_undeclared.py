"""A client starts beside its server, does not wait for it, and is not started again."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.connections.find import connections_of
from bootready.connections.reach import is_read_by_program, targets_of
from bootready.connections.servers import servers_of
from bootready.knowledge.protocols import ADDRESSES, SLOW
from bootready.model.connection import Means
from bootready.model.project import Project


@check(
    summary="a service talks to a slow one for which it does not wait",
    severity=Severity.NOTE,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.environment", "service.command", "service.volumes"),
    mentions=ADDRESSES,
    since="0.1.0",
    reference="https://docs.docker.com/compose/how-tos/startup-order/",
)
def dependency_undeclared(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Finds services that are told to talk to a database or a broker of the project, do not depend on
    it, directly or through others, and have no `restart` that would start them again.

    ## Why it matters
    Both start at once, and a database needs seconds until it answers, more when it makes its data.
    A client that does not try again ends.

    ## What you see
    ```
    connect ECONNREFUSED 172.18.0.2:5432
    ```

    ## Remedy
    Let the client wait, and give the server a healthcheck:

    ```yaml
    depends_on:
      db:
        condition: service_healthy
    ```

    ## When to silence it
    If the client tries again until the server answers.
    """
    servers = servers_of(context.project, context.engine)
    told: set[tuple[str, str]] = set()
    for one in connections_of(context.project, context.host).found:
        client = context.project.service(one.service)
        if one.means is not Means.SERVICE or client is None or not is_read_by_program(one):
            continue
        if client.restart in {"always", "unless-stopped"} or "on-failure" in (client.restart or ""):
            continue
        for target in targets_of(one, servers):
            name = target.service.name
            if target.protocol not in SLOW or (client.name, name) in told:
                continue
            told.add((client.name, name))
            if name not in _awaited(client.name, context.project):
                yield report(
                    one.location,
                    f"service '{client.name}': {one.words} names service '{name}', and it does not "
                    "wait for it",
                    related=[target.service.location],
                    hint=f"add `depends_on: {{{name}: {{condition: service_healthy}}}}`",
                    kind=name,
                )


def _awaited(name: str, project: Project) -> set[str]:
    """Return what a service depends on, directly or through others, and what it is joined to."""
    found: set[str] = set()
    left = [name]
    while left:
        service = project.service(left.pop())
        if service is None:
            continue
        others = [one.service for one in service.depends_on]
        mode = service.network_mode or ""
        others += [mode.removeprefix("service:")] if mode.startswith("service:") else []
        left += [one for one in others if one not in found]
        found.update(others)
    return found
