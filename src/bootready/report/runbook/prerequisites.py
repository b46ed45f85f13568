"""Project -> what the machine must have: Compose's version, memory, free ports, images."""

from __future__ import annotations

import re

from bootready.model.guide import Prerequisites
from bootready.model.lookup import at, number_of, value_at
from bootready.model.node import Mapping, Sequence
from bootready.model.project import Project, Service

_SERVICE_NEEDS = (
    # Attribute of a service, the Compose that first knew it (its release notes and reference).
    ("provider", (2, 36, 0)),
    ("models", (2, 38, 0)),
    ("gpus", (2, 30, 0)),
    ("post_start", (2, 30, 0)),
    ("pre_stop", (2, 30, 0)),
    ("label_file", (2, 32, 2)),
    ("develop", (2, 22, 0)),
)
_BASE = (2, 0, 0)


def prerequisites_of(project: Project) -> Prerequisites:
    """Return what has to be there before anything of the project can run."""
    version, reason = max([(_BASE, ""), *_wishes(project)], key=lambda wish: wish[0])
    limits = [_limit(service) for service in project.services]
    ports = {
        f"{port.host_ip or '*'}:{port.published}/{port.protocol}"
        for service in project.services
        for port in service.ports
        if port.published
    }
    return Prerequisites(
        compose=".".join(map(str, version)),
        compose_reason=reason,
        services=len(project.services),
        memory=sum(limits),
        unlimited=limits.count(0),
        ports=tuple(sorted(ports, key=_port_order)),
        images=tuple(
            sorted(
                {
                    service.image
                    for service in project.services
                    if service.image and not service.build
                }
            )
        ),
        builds=tuple(service.name for service in project.services if service.build),
    )


def _wishes(project: Project) -> list[tuple[tuple[int, int, int], str]]:
    found: list[tuple[tuple[int, int, int], str]] = []
    texts = [project.sources.get(path, "") for path in project.files]
    if any(re.search(r"^include\s*:", text, re.MULTILINE) for text in texts):
        found.append(((2, 20, 3), "include"))
    if any(re.search(r"^[^#\n]*!(?:reset|override)\b", text, re.MULTILINE) for text in texts):
        found.append(((2, 24, 4), "!override"))
    for service in project.services:
        found += [
            (version, name) for name, version in _SERVICE_NEEDS if name in service.node.entries
        ]
        files = at(service.node, "env_file")
        for item in files.items if isinstance(files, Sequence) else ():
            if isinstance(item, Mapping) and value_at(item, "required") is False:
                found.append(((2, 24, 0), "env_file.required"))
    for one in project.configs:
        if "content" in one.node.entries:
            found.append(((2, 23, 1), "configs.content"))
    return found


def _limit(service: Service) -> int:
    """Return the memory limit in bytes, times the replicas; 0 without one."""
    limit = number_of(value_at(service.node, "mem_limit") or 0) or number_of(
        value_at(service.node, "deploy", "resources", "limits", "memory") or 0
    )
    replicas = value_at(service.node, "deploy", "replicas")
    return limit * (replicas if isinstance(replicas, int) else 1)


def _port_order(text: str) -> tuple[int, str]:
    digits = re.search(r":(\d+)", text)
    return (int(digits[1]) if digits else 0), text
