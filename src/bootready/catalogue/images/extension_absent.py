"""A script of a database needs an extension that its image does not have: found before boot."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import has_data, known_programs
from bootready.model.lookup import shown
from bootready.model.project import Mount
from bootready.regex import regex

_SCRIPTS = "/docker-entrypoint-initdb.d"
_CREATED = regex(r"(?im)^\s*create\s+extension\s+(?:if\s+not\s+exists\s+)?[\"']?([\w-]+)[\"']?")
IMAGES = {
    "vector": "pgvector/pgvector",
    "postgis": "postgis/postgis",
    "postgis_topology": "postgis/postgis",
    "timescaledb": "timescale/timescaledb",
    "pg_cron": "an image that has it",
    "citus": "citusdata/citus",
    "age": "apache/age",
    "pgroonga": "groonga/pgroonga",
    "pg_search": "paradedb/paradedb",
}
"""Extensions that people use and that the image `postgres` does not have, with one that has them.
"""
_LARGEST = 1_000_000


@check(
    summary="a script of a database needs an extension that its image does not have",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("service.volumes",),
    mentions=(_SCRIPTS,),
    since="0.2.0",
    reference="https://www.postgresql.org/docs/current/contrib.html",
    proof="the image is a public one, which no test may pull",
)
def extension_absent(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Reads the scripts that are mounted in `/docker-entrypoint-initdb.d` of a `postgres` image and
    looks for `CREATE EXTENSION` of an extension that only other images have, such as `vector`
    or `postgis`.

    ## Why it stops boot
    The script fails, and with it the first start of the database. A second start finds half a
    database and goes on without the script.

    ## What you see
    ```
    ERROR:  extension "vector" is not available
    ```

    ## Remedy
    Use the image in the hint, with the same major version of PostgreSQL.

    ## When to silence it
    If your own image of that name has the extension.
    """
    for known in known_programs(context):
        if known.image.family.name != "postgres" or has_data(known, context):
            continue
        version = known.image.named.reference.tag.partition("-")[0] or "latest"
        for mount in known.service.mounts:
            for path in _files(mount, context):
                text = context.host.read_text(path, _LARGEST) or ""
                wanted = [name for name in _CREATED.findall(text) if name.lower() in IMAGES]
                if wanted:
                    yield report(
                        mount.location,
                        f"service '{known.service.name}':"
                        f" '{shown(path, context.project.directory)}' creates extension"
                        f" '{wanted[0]}', which image '{known.service.image}' does not have",
                        consequence='it exits with: ERROR:  extension "..." is not available',
                        hint=f"use {IMAGES[wanted[0].lower()]}, for PostgreSQL {version}",
                    )


def _files(mount: Mount, context: Context) -> list[str]:
    if mount.kind != "bind" or not mount.target.startswith(_SCRIPTS):
        return []
    names = context.host.entries(mount.source)
    paths = [f"{mount.source}/{name}" for name in names] or [mount.source]
    return [path for path in paths if path.endswith((".sql", ".sh"))]
