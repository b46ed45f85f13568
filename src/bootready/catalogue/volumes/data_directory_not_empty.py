"""A new database finds files in its data directory: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, Trait, check
from bootready.check.images import known_programs, mount_over
from bootready.knowledge.images.known import KnownService
from bootready.model.lookup import shown
from bootready.model.project import Mount
from bootready.typed import NamedTuple


class _Rule(NamedTuple):
    """What a database leaves in its data directory, and what it says of other files there."""

    marks: frozenset[str]
    hidden: bool
    """Whether it minds files whose names start with a dot."""
    log: str


_POSTGRES = _Rule(
    frozenset({"PG_VERSION"}), True, 'initdb: error: directory "..." exists but is not empty'
)
_MYSQL = _Rule(
    frozenset({"mysql", "ibdata1", "mysql.ibd"}),
    False,
    "[ERROR] --initialize specified but the data directory has files in it. Aborting.",
)
_RULES = {
    **dict.fromkeys(("postgres", "postgis", "pgvector", "timescaledb"), _POSTGRES),
    **dict.fromkeys(("mysql", "percona"), _MYSQL),
}


@check(
    summary="a new database finds files in its data directory",
    severity=Severity.ERROR,
    needs=Needs.HOST,
    uses=Needs.ENGINE,
    looks_at=("image.data", "image.data.mounted"),
    traits=Trait.ASKS_ONE_MACHINE,
    since="0.2.0",
    reference="https://www.postgresql.org/docs/current/app-initdb.html",
    proof="the databases are those of public images, which no test may pull",
)
def data_directory_not_empty(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks into directories that are mounted as the data directory of PostgreSQL or MySQL and that
    do not have a database yet: `.gitkeep`, `lost+found` and other files.

    ## Why it stops boot
    The first start initialises an empty directory only. `lost+found` is there if a file system of
    its own is mounted at that place, `.gitkeep` if git has to keep an empty directory.

    ## What you see
    ```
    initdb: error: directory "/var/lib/postgresql/data" exists but is not empty
    initdb: detail: It contains a dot-prefixed/invisible file, perhaps due to it being a mount
    point.
    ```

    ## Remedy
    Mount a directory below it (`./db/data` in place of `./db`), or set `PGDATA` to one.

    ## When to silence it
    If the files are removed before the first start.
    """
    for known in known_programs(context):
        rule = _RULES.get(known.image.family.name)
        for mount, care in _data_mounts(known) if rule else ():
            source = _directory(mount, context)
            found = context.host.entries(source) if source else ()
            if rule is None or not found or not rule.marks.isdisjoint(found):
                continue
            wrong = [name for name in found if rule.hidden or name[:1] != "."]
            if wrong:
                path = shown(source, context.project.directory)
                yield report(
                    mount.location,
                    f"service '{known.service.name}': '{path}' is not empty and has no database"
                    f" (it has {', '.join(wrong[:3])}{', ...' if len(wrong) > 3 else ''})",
                    severity=Severity.WARNING if care else None,
                    consequence=f"the first start ends with: {rule.log}",
                    hint=f"mount a directory below it: {path.rstrip('/')}/data",
                )


def _data_mounts(known: KnownService) -> Iterator[tuple[Mount, str]]:
    """Yield what is mounted exactly where the database keeps its data."""
    own = known.seen.variables.get("PGDATA")
    paths = {own: ""} if own else {f.path: care for f, care in known.facts(known.image.family.data)}
    for path, care in paths.items():
        mount = mount_over(known, path)
        if mount is not None and mount.target.rstrip("/") == path.rstrip("/"):
            yield mount, care


def _directory(mount: Mount, context: Context) -> str:
    if mount.kind == "bind":
        return mount.source
    named = (one for one in context.project.volumes if one.key == mount.source)
    return next((one.device or "" for one in named), "") if mount.kind == "volume" else ""
