"""A service joins a container that does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    check,
)
from bootready.model.lookup import items_at, place_in, text_at
from bootready.model.project import Project, Service

KEYS = ("network_mode", "pid", "ipc")


@check(
    summary="a service joins a container that does not exist",
    severity=Severity.ERROR,
    needs=Needs.ENGINE,
    looks_at=("service.network_mode", "service.pid", "service.ipc", "service.volumes_from"),
    mentions=("container:",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#network_mode",
)
def external_container_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Asks the engine for every container that `network_mode`, `pid`, `ipc` or `volumes_from` name as
    `container:NAME`. Containers from this project are assumed to exist.

    ## Why it stops boot
    The engine cannot join the namespace or the volumes of a container that does not exist, so it
    rejects the service.

    ## What you see
    ```
    No such container: NAME
    ```

    ## Remedy
    Start the other container first. For a container of this project, write `service:NAME`: Compose
    then starts the services in order.

    ## When to silence it
    If another project or a script starts the container before this project.
    """
    known = {fact.name for fact in context.engine.containers()} | _own(context.project)
    for service in context.project.services:
        for path, name in _joined(service):
            # An id in place of a name cannot be told from the facts.
            if name and name not in known and not _is_identity(name):
                yield report(
                    place_in(service, *path, label="the engine has no such container"),
                    f"service '{service.name}': container '{name}' does not exist",
                    hint=f"start it first; for a service of this project, use service:{name}",
                )


def _joined(service: Service) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for key in KEYS:
        kind, _, name = text_at(service.node, key).partition(":")
        if kind == "container":
            yield (key,), name
    for index, node in items_at(service.node, "volumes_from"):
        kind, _, rest = text_at(node).partition(":")
        if kind == "container":
            yield ("volumes_from", index), rest.partition(":")[0]


def _own(project: Project) -> set[str]:
    return {
        name
        for service in project.services
        for name in (service.container_name, f"{project.name}-{service.name}-1")
        if name
    }


def _is_identity(name: str) -> bool:
    return len(name) >= 12 and not set(name) - set("0123456789abcdef")
