"""A project and the services asked for -> the services that Compose will start, in boot order."""

from __future__ import annotations

from collections.abc import Iterable

from bootready.model.node import Mapping, Node, Scalar
from bootready.model.project import Project, Service


def selected(project: Project, names: Iterable[str] = ()) -> tuple[Service, ...]:
    """Return the services that `up` starts: those named and what they need, or all of them.

    Left out are those that have no container by design: scaled to 0, or run by a provider.
    In the order in which Compose can start them.
    """
    wanted = list(names) or [service.name for service in project.services]
    ordered: dict[str, Service] = {}
    for name in wanted:
        _visit(project, name, ordered, set())
    return tuple(service for service in ordered.values() if replicas(service) > 0)


def replicas(service: Service) -> int:
    """Return how many containers the service is to have."""
    if "provider" in service.node.entries:
        return 0
    scale = _number(service.node.entries.get("scale"))
    deploy = service.node.entries.get("deploy")
    if scale is None and isinstance(deploy, Mapping):
        scale = _number(deploy.entries.get("replicas"))
    return 1 if scale is None else scale


def _visit(project: Project, name: str, ordered: dict[str, Service], on_way: set[str]) -> None:
    service = project.service(name)
    if service is None or name in ordered or name in on_way:
        return
    on_way.add(name)
    for dependency in service.depends_on:
        _visit(project, dependency.service, ordered, on_way)
    ordered[name] = service


def _number(node: Node | None) -> int | None:
    if isinstance(node, Scalar) and isinstance(node.value, int | str):
        written = str(node.value)
        return int(written) if written.isdigit() else None
    return None
