"""Project -> Guide: what a fresh clone needs, from the model alone, equal on every machine."""

from __future__ import annotations

import os

from bootready.check.discover import attributes_of, has_work, index, load
from bootready.knowledge.process.identity import reader_of
from bootready.knowledge.secrets.certificates import certificate_uses
from bootready.knowledge.secrets.kind_in_project import kind_for
from bootready.model.action import SecretKind
from bootready.model.project import FileObject, Port, Project, Service
from bootready.report.runbook.directories import directory_rows
from bootready.report.runbook.guide import (
    CertificateRow,
    EndpointRow,
    FailureRow,
    Guide,
    NetworkRow,
    ReaderRow,
    SecretRow,
    VolumeRow,
)
from bootready.report.runbook.paths import path_shown
from bootready.report.runbook.prerequisites import prerequisites_of
from bootready.report.runbook.smoke import smoke_rows
from bootready.report.runbook.variables import variable_rows
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Engine, Host


def collect(project: Project, host: Host, engine: Engine, template: str = "") -> Guide:
    """Return the guide of `project`, read as a fresh clone would be.

    `host` is asked what git tracks and nothing else; `engine` is one that does not answer.
    `template` is the absolute path of the example of `.env`, or ''.
    """
    certificates = certificate_uses(project)
    return Guide(
        name=project.name,
        prerequisites=prerequisites_of(project),
        template=os.path.basename(template),
        variables=variable_rows(project, host.read_text(template) or "" if template else ""),
        secrets=tuple(_secret(one, project, engine) for one in project.secrets),
        certificates=tuple(
            CertificateRow(path_shown(one.directory, project), one.names, one.services)
            for one in certificates
        ),
        directories=directory_rows(project, host, engine, [one.directory for one in certificates]),
        networks=_networks(project),
        volumes=_volumes(project),
        endpoints=tuple(
            EndpointRow(service.name, endpoint_address(port), f"{port.target}/{port.protocol}")
            for service in project.services
            for port in service.ports
        ),
        smoke=smoke_rows(project),
        failures=failure_rows(project),
        disabled=project.disabled,
    )


def endpoint_address(port: Port) -> str:
    """Return where a port answers: ``127.0.0.1:80``, ``*:80`` for every address of the machine."""
    host = port.host_ip if port.host_ip not in {"", "0.0.0.0", "::"} else "*"  # noqa: S104 - read, not bound
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{port.published or '?'}"


def failure_rows(project: Project) -> tuple[FailureRow, ...]:
    """Return the checks that have something to look at in `project`, the gravest first."""
    attributes = attributes_of(project)
    checks = [load(entry) for entry in index() if has_work(entry, attributes)]
    rows = [
        FailureRow(
            check.id,
            check.severity.value,
            check.summary,
            _first_sentence(check.page, "Why it stops boot")
            or _first_sentence(check.page, "Why it matters"),
            _first_sentence(check.page, "Remedy"),
        )
        for check in sorted(checks, key=lambda one: (one.severity.rank, one.topic, one.id))
        if check.severity.value != "note"
    ]
    return tuple(rows)


def _secret(item: FileObject, project: Project, engine: Engine) -> SecretRow:
    kind = kind_for(project, item.name, item.hints)
    if item.external:
        source, origin = "", "external"
    elif item.file is not None:
        source, origin = path_shown(item.file, project), "file"
    else:
        source, origin = item.environment or "", "environment"
    readers = tuple(
        _reader(service, engine, grant.uid, grant.gid)
        for service, grant in project.users_of_secret(item.name)
    )
    return SecretRow(item.name, source, origin, _kind_word(kind), readers)


def _kind_word(kind: SecretKind) -> str:
    return kind.value


def _reader(service: Service, engine: Engine, _uid: str | None, _gid: str | None) -> ReaderRow:
    # Compose ignores uid and gid of a grant from a file: the process is what the image makes it.
    reader = reader_of(service, engine, assume=True)
    return ReaderRow(service.name, reader.uid, tuple(dict.fromkeys(reader.gids)))


def _networks(project: Project) -> tuple[NetworkRow, ...]:
    return tuple(
        NetworkRow(
            network.name,
            tuple(
                service.name
                for service in project.services
                if any(one.network == network.key for one in service.networks)
            ),
        )
        for network in project.networks
        if network.external
    )


def _volumes(project: Project) -> tuple[VolumeRow, ...]:
    return tuple(
        VolumeRow(
            volume.name,
            volume.external,
            tuple(
                service.name
                for service in project.services
                if any(m.kind == "volume" and m.source == volume.key for m in service.mounts)
            ),
        )
        for volume in project.volumes
        if volume.device is None
    )


def _first_sentence(page: str, title: str) -> str:
    _, found, rest = page.partition(f"## {title}\n")
    if not found:
        return ""
    paragraph = " ".join(rest.partition("\n\n")[0].split())
    head, stop, _ = paragraph.partition(". ")
    return head + ("." if stop else "")
