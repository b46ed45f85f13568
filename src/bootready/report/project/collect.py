"""Project, verdict, states of containers -> Stack: who is there, who needs whom, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bootready.knowledge.secrets.forms import masked
from bootready.model.fact import ContainerFact
from bootready.model.finding import Finding, Severity, Verdict
from bootready.model.project import Project, Service
from bootready.report.formats.json import relative
from bootready.report.project.view import Edge, Group, ServiceCard, Stack
from bootready.report.talks import Talk


def collect(
    project: Project,
    verdict: Verdict,
    containers: Iterable[ContainerFact] = (),
    talks: tuple[Talk, ...] = (),
) -> Stack:
    """Return the picture of `project`; `containers` are those of the engine, of any project.

    `talks` are who talks to whom.
    """
    users = _users(project)
    names = {service.name for service in project.services}
    touching: dict[str, list[Finding]] = {name: [] for name in names}
    for finding in verdict.findings:
        for name in services_of(finding, users):
            touching[name].append(finding)
    states = _states(project.name, containers)
    return Stack(
        project=project.name,
        cards=tuple(
            _card(service, project, touching[service.name], states) for service in project.services
        ),
        edges=tuple(
            Edge(service.name, one.service, one.condition, one.required)
            for service in project.services
            for one in sorted(service.depends_on, key=lambda one: one.service)
            if one.service in names
        ),
        groups=_groups(project, verdict, names),
        verdict=verdict,
        disabled=project.disabled,
        files=tuple(relative(path, project.directory) for path in project.files),
        talks=talks,
    )


def services_of(
    finding: Finding, users: Mapping[tuple[str, str], Sequence[str]]
) -> tuple[str, ...]:
    """Return the services that a finding touches: its own first, then those of related places.

    `users` maps a resource, ``("secrets", "key")``, to the services that use it; a service to
    itself.
    """
    places = [finding.primary] if finding.primary else []
    paths = [place.path for place in (*places, *finding.related)]
    keys = [(str(path[0]), str(path[1])) for path in (*paths, *finding.subjects) if len(path) > 1]
    return tuple(dict.fromkeys(name for key in keys for name in users.get(key, ())))


def _users(project: Project) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for service in project.services:
        keys = [("services", service.name)]
        keys += [("secrets", grant.source) for grant in service.secrets]
        keys += [("configs", grant.source) for grant in service.configs]
        keys += [("networks", one.network) for one in service.networks]
        keys += [("volumes", mount.source) for mount in service.mounts if mount.kind == "volume"]
        for key in dict.fromkeys(keys):
            found.setdefault(key, []).append(service.name)
    return found


def _groups(project: Project, verdict: Verdict, names: set[str]) -> tuple[Group, ...]:
    """Return the findings by the service they are about, the gravest first, else in order."""
    groups: dict[str, list[Finding]] = {"": []}
    for service in project.services:
        groups[service.name] = []
    for finding in verdict.findings:
        path = finding.primary.path if finding.primary else ()
        own = str(path[1]) if len(path) > 1 and path[0] == "services" else ""
        groups[own if own in names else ""].append(finding)
    found = [Group(name, tuple(findings)) for name, findings in groups.items() if findings]
    return tuple(sorted(found, key=lambda group: group.findings[0].severity.rank))


def _card(
    service: Service, project: Project, findings: list[Finding], states: Mapping[str, str]
) -> ServiceCard:
    span = service.location.span
    ranks = [finding.severity for finding in findings]
    return ServiceCard(
        name=service.name,
        image=masked(service.image or ""),
        built=service.build is not None,
        place=f"{relative(span.file, project.directory)}:{span.line}",
        ports=tuple(
            f"{port.host_ip + ':' if port.host_ip else ''}{port.published or '?'}→{port.target}"
            for port in service.ports
        ),
        networks=tuple(one.network for one in service.networks) or _mode(service),
        volumes=tuple(
            f"{relative(mount.source, project.directory) or mount.kind} → {mount.target}"
            for mount in service.mounts
        ),
        secrets=tuple(grant.source for grant in service.secrets),
        healthcheck=_healthcheck(service),
        restart=service.restart or "",
        user=service.user or "",
        state=states.get(service.name, ""),
        worst=min(ranks, key=lambda one: one.rank) if ranks else None,
        touched=len(findings),
    )


def _mode(service: Service) -> tuple[str, ...]:
    return (service.network_mode,) if service.network_mode else ()


def _healthcheck(service: Service) -> str:
    if service.healthcheck is None:
        return ""
    return "disabled" if service.healthcheck.disabled else "own"


def _states(project: str, containers: Iterable[ContainerFact]) -> dict[str, str]:
    """Return the state of each service's containers, ``2 running`` where there are several."""
    found: dict[str, dict[str, int]] = {}
    for container in containers:
        if container.project == project and container.service:
            counts = found.setdefault(container.service, {})
            counts[container.state] = counts.get(container.state, 0) + 1
    return {
        service: ", ".join(
            state if number == 1 else f"{number} {state}"
            for state, number in sorted(counts.items())
        )
        for service, counts in found.items()
    }


def grave(stack: Stack, severity: Severity) -> int:
    """Return how many findings have that severity."""
    return sum(finding.severity is severity for finding in stack.verdict.findings)
