"""A service cannot write to its data directory: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Report,
    Severity,
    Trait,
    check,
)
from bootready.check.pulls import image_of
from bootready.knowledge.places import belongs_to
from bootready.model.lookup import shown

DATA = (
    *("/prometheus", "/alertmanager", "/var/lib/grafana", "/loki", "/var/tempo", "/nexus-data"),
    *("/usr/share/elasticsearch/data", "/usr/share/opensearch/data", "/var/jenkins_home"),
    *("/home/node/.n8n", "/bitnami", "/var/lib/pgadmin", "/opt/sonarqube/data", "/var/solr"),
)
"""Where images that do not start as root keep their data."""
_ELSEWHERE = (
    "mount a directory of the project or a named volume, or set `user:` to the owner of this one"
)


@check(
    summary="a service cannot write to its data directory",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("service.volumes",),
    where=("mount.bind",),
    proof="the programs are those of public images, which no test may pull",
    traits=Trait.ASKS_ONE_MACHINE,
    since="0.1.0",
    reference="https://docs.docker.com/engine/storage/bind-mounts/",
)
def bind_directory_unwritable(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the owner, mode and ACL of bind-mounted directories with the user of the service, if
    the target is a volume of the image (the local one, or with `--registry` that of the registry)
    or the data directory of a known image. An image whose entrypoint starts as root, gives its data
    to the user and becomes that one is left out.

    ## Why it stops boot
    The program runs but keeps no data. If it is known to exit with "permission denied", the finding
    is an error and says so.

    ## What you see
    ```
    mkdir: cannot create directory '/data/db': Permission denied
    ```

    ## Remedy
    Give the directory to the user: `sudo chown UID:GID DIRECTORY`. `bootready prepare` creates
    missing directories with the right owner.

    ## When to silence it
    If the program starts as root, changes the owner and then drops its privileges in a way that
    cannot be seen here.
    """
    data = _data_of_images(context)
    for service in context.project.services:
        binds = [m for m in service.mounts if m.kind == "bind" and not m.read_only]
        if not binds:
            continue
        fact, source = image_of(context, service)
        known = data.get(service.name, {})
        places = (*DATA, *(fact.volumes if fact else ()), *known)
        for mount in binds:
            found = context.host.file(mount.source)
            if found is None or found.kind != "directory" or mount.target.rstrip("/") not in places:
                continue
            from bootready.knowledge.process.identity import reader_of, takes_over

            reader = reader_of(service, context.engine, assume=True, image=fact)
            if reader.uid is None or reader.privileged or reader.uid == 0:
                continue
            if takes_over(service, context.engine):
                continue
            if not context.host.writable_by(mount.source, reader.uid, reader.gids):
                log = known.get(mount.target.rstrip("/"), "")
                path = shown(mount.source, context.project.directory)
                group = reader.gids[0] if reader.gids else reader.uid
                yield report(
                    mount.location,
                    f"service '{service.name}': user {reader.uid} cannot write to '{path}'"
                    f" ({found.uid}:{found.gid}, mode {found.mode:04o})",
                    severity=Severity.ERROR if log else Severity.WARNING,
                    consequence=f"it exits with: {log}" if log else source,
                    hint=f"sudo chown {reader.uid}:{group} {path}"
                    if belongs_to(context.project.directory, mount.source)
                    else _ELSEWHERE,
                )


def _data_of_images(context: Context) -> dict[str, dict[str, str]]:
    """Return the data directories of known images by service, with what a program says that ends
    where it cannot write; '' for one that goes on, or where that is not certain.
    """
    from bootready.knowledge.images.names import family_of

    if not any(family_of(service.image) for service in context.project.services if service.image):
        return {}
    from bootready.check.images import known_programs

    return {
        known.service.name: {
            fact.path: "" if care or not fact.refuses else fact.log
            for fact, care in known.facts(known.image.family.data)
        }
        for known in known_programs(context)
    }
