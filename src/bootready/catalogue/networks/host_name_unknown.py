"""A service is given a name that only Docker Desktop or Compose v1 resolves."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.elsewhere import is_elsewhere
from bootready.check.hosts import GATEWAY, extra_hosts, former_names, gateways_named
from bootready.model.lookup import shown
from bootready.model.project import Service

_LARGEST = 100_000
"""Bytes of a configuration file that is read."""


@check(
    summary="a name is given that only Docker Desktop or Compose v1 resolves",
    severity=Severity.WARNING,
    uses=(Needs.HOST, Needs.ENGINE),
    looks_at=("service.environment", "service.command", "service.entrypoint", "service.volumes"),
    since="0.2.0",
    reference="https://docs.docker.com/compose/how-tos/networking/",
)
def host_name_unknown(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for `host.docker.internal` without `extra_hosts`, if the engine runs on this machine, and
    for container names of Compose v1 (`shop_db_1`) in mounted files. Other names of hosts are
    left to `host-unresolved`.

    ## Why it matters
    The engine's name server knows the names of the project's services only. Docker Desktop adds
    `host.docker.internal`, an engine on Linux does not.

    ## What you see
    ```
    Error: getaddrinfo EAI_AGAIN shop_db_1
    Cannot connect to host host.docker.internal:11434 [Name or service not known]
    ```

    ## Remedy
    Use the name of a service, or add `extra_hosts: ["host.docker.internal:host-gateway"]`. The
    program on the host must then listen on more than 127.0.0.1.

    ## When to silence it
    If a name server of your network resolves the name.

    ## Known limits
    Files of services on an external network, or on that of the host, are not searched.
    """
    elsewhere = is_elsewhere(context)
    for service in context.project.services:
        if not elsewhere:
            for place in gateways_named(service):
                if GATEWAY in set(extra_hosts(service)):
                    break
                yield report(
                    place,
                    f"service '{service.name}': an engine on Linux does not resolve"
                    f" '{GATEWAY}' without `extra_hosts`",
                    hint=f'extra_hosts: ["{GATEWAY}:host-gateway"]',
                )
                break
        yield from _in_files(service, context, report)


def _in_files(service: Service, context: Context, report: Report) -> Iterator[Finding]:
    """Yield the names of containers, as Compose v1 gave them, in mounted configuration files."""
    for mount in service.mounts:
        fact = context.host.file(mount.source) if mount.kind == "bind" else None
        if fact is None or fact.kind != "file" or fact.size > _LARGEST:
            continue
        text = context.host.read_text(mount.source, _LARGEST) or ""
        own = {one.container_name for one in context.project.services}
        found = [pair for pair in former_names(text, context.project) if pair[0] not in own]
        if found and not _sees_others(service, context):
            name, other = found[0]
            path = shown(mount.source, context.project.directory)
            yield report(
                mount.location,
                f"service '{service.name}': '{path}' names the host '{name}', as Compose v1 called"
                " containers",
                hint=f"write '{other}' in {path}",
            )


def _sees_others(service: Service, context: Context) -> bool:
    from bootready.connections.whom import names_of, sees_others

    return sees_others(service, context.project, names_of(context.project))
