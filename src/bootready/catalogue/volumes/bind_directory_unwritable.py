"""A service cannot write to its data directory: found before boot, at its place."""

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
from bootready.model.lookup import shown

DATA = (
    *("/prometheus", "/alertmanager", "/var/lib/grafana", "/loki", "/var/tempo", "/nexus-data"),
    *("/usr/share/elasticsearch/data", "/usr/share/opensearch/data", "/var/jenkins_home"),
    *("/home/node/.n8n", "/bitnami", "/var/lib/pgadmin", "/opt/sonarqube/data", "/var/solr"),
)
"""Where images that do not start as root keep their data."""


@check(
    summary="a service cannot write to its data directory",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.volumes",),
    since="0.1.0",
    reference="https://docs.docker.com/engine/storage/bind-mounts/",
)
def bind_directory_unwritable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares owner, mode and ACL of bind-mounted directories with the user of the service, where the
    target is a volume of the local image, or the data directory of a well-known one.

    ## Why it matters
    The program ends with "permission denied", or runs and keeps nothing.

    ## Remedy
    Give the directory to the user: `sudo chown UID:GID DIRECTORY`.
    """
    for service in context.project.services:
        binds = [m for m in service.mounts if m.kind == "bind" and not m.read_only]
        if not binds:
            continue
        image = service.image if context.engine.reachable else None
        fact = context.engine.image(image) if image else None
        data = (*DATA, *(fact.volumes if fact else ()))
        for mount in binds:
            found = context.host.file(mount.source)
            if found is None or found.kind != "directory" or mount.target.rstrip("/") not in data:
                continue
            from bootready.knowledge.process.identity import reader_of  # noqa: PLC0415 - few get here

            reader = reader_of(service, context.engine, assume=True)
            if reader.uid is None or reader.privileged or reader.uid == 0:
                continue
            if not context.host.writable_by(mount.source, reader.uid, reader.gids):
                path = shown(mount.source, context.project.directory)
                group = reader.gids[0] if reader.gids else reader.uid
                yield report(
                    mount.location,
                    f"service '{service.name}': user {reader.uid} cannot write to '{path}'"
                    f" ({found.uid}:{found.gid}, mode {found.mode:04o})",
                    hint=f"sudo chown {reader.uid}:{group} {path}",
                )
