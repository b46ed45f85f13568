"""Project -> what the machine must have: Compose's version, memory, free ports, images."""

from __future__ import annotations

import re

from bootready.knowledge.engine.features import COMPOSE_FEATURES, ENGINE_FEATURES, uses_of
from bootready.knowledge.secrets.forms import masked
from bootready.model.lookup import number_of, value_at
from bootready.model.project import Project, Service
from bootready.report.runbook.guide import Prerequisites

_BASE = (2, 0, 0)


def prerequisites_of(project: Project) -> Prerequisites:
    """Return what has to be there before anything of the project can run."""
    wishes: list[tuple[tuple[int, ...], str]] = [(_BASE, ""), *_wishes(project)]
    version, reason = max(wishes, key=lambda wish: wish[0])
    newest = [(use.feature.since, use.feature.name) for use in uses_of(project, ENGINE_FEATURES)]
    engine, engine_reason = max(newest, default=((), ""))
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
        engine=".".join(map(str, engine)),
        engine_reason=engine_reason,
        services=len(project.services),
        memory=sum(limits),
        unlimited=limits.count(0),
        ports=tuple(sorted(ports, key=_port_order)),
        images=tuple(
            sorted(
                {
                    masked(service.image)
                    for service in project.services
                    if service.image and not service.build
                }
            )
        ),
        builds=tuple(service.name for service in project.services if service.build),
    )


def _wishes(project: Project) -> list[tuple[tuple[int, ...], str]]:
    texts = [project.sources.get(path, "") for path in project.files]
    found: list[tuple[tuple[int, ...], str]] = [
        (use.feature.since, use.feature.name) for use in uses_of(project, COMPOSE_FEATURES)
    ]
    # What resolving consumes is not in the model any more.
    if any(re.search(r"^include\s*:", text, re.MULTILINE) for text in texts):
        found.append(((2, 20, 3), "include"))
    if any(re.search(r"^[^#\n]*!(?:reset|override)\b", text, re.MULTILINE) for text in texts):
        found.append(((2, 24, 4), "!override"))
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
