"""A healthcheck passes while a database is still set up: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import has_data, known_programs
from bootready.knowledge.images.known import KnownService
from bootready.knowledge.process.socket_probe import asks_socket
from bootready.model.lookup import place_in
from bootready.model.project import Dependency, Mount, Service

_SCRIPTS = "/docker-entrypoint-initdb.d"
_DATABASES = frozenset(
    {"postgres", "postgis", "pgvector", "timescaledb", "mysql", "mariadb", "percona"}
)


@check(
    summary="a healthcheck passes while a database is still set up",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.healthcheck",),
    mentions=(_SCRIPTS,),
    since="0.2.0",
    reference="https://github.com/docker-library/postgres/issues/146",
)
def healthcheck_passes_early(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks at PostgreSQL and MySQL services with scripts in `/docker-entrypoint-initdb.d`, for which
    another service waits with `condition: service_healthy`: their healthcheck must ask over TCP.
    Nothing is said once the volume has data.

    ## Why it matters
    During its first start the image runs a temporary server for the scripts, which answers on the
    Unix socket only. `pg_isready` without `-h` asks there, so the service is healthy although
    nothing can connect to it, and the waiting services are started too early. The second start
    works, which hides the cause.

    ## What you see
    ```
    connection to server at "db" (172.18.0.2), port 5432 failed: Connection refused
    ```

    ## Remedy
    Let the probe ask over TCP: `pg_isready -h 127.0.0.1`, `mysqladmin ping -h 127.0.0.1`.

    ## When to silence it
    If the waiting services retry until the database answers.
    """
    for known in known_programs(context):
        probe = known.service.healthcheck
        if known.image.family.name not in _DATABASES or probe is None or probe.disabled:
            continue
        program = asks_socket(probe.test)
        if not program:
            continue
        scripts = _scripts(known, context)
        waiting = _waiting(context, known.service)
        if scripts is None or not waiting or has_data(known, context):
            continue
        service, dependency = waiting[0]
        yield report(
            place_in(known.service, "healthcheck", "test"),
            f"service '{known.service.name}': its healthcheck passes while the scripts in"
            f" '{_SCRIPTS}' still run",
            related=[
                scripts.location.labelled("the scripts"),
                dependency.location.labelled("this starts too early"),
            ],
            consequence=f"'{service.name}' is refused at the first start, the second one works",
            hint=f"ask over TCP: {program} ... -h 127.0.0.1",
        )


def _scripts(known: KnownService, context: Context) -> Mount | None:
    """Return the mount that brings scripts; None where there are certainly none."""
    for mount in known.service.mounts:
        if mount.target.rstrip("/") == _SCRIPTS and mount.kind == "bind":
            found = context.host.file(mount.source)
            if found is None or (found.kind == "directory" and not _runnable(context, mount)):
                continue
            return mount
        if mount.target.startswith(f"{_SCRIPTS}/") or mount.target.rstrip("/") == _SCRIPTS:
            return mount
    return None


def _runnable(context: Context, mount: Mount) -> bool:
    names = context.host.entries(mount.source)
    return any(re.search(r"\.(?:sh|sql)(?:\.\w+)?$", name) for name in names)


def _waiting(context: Context, service: Service) -> list[tuple[Service, Dependency]]:
    return [
        (other, one)
        for other in context.project.services
        for one in other.depends_on
        if one.service == service.name and one.condition == "service_healthy"
    ]
