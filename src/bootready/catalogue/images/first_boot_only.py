"""A script of the first start was changed after the data was made: it does not run any more."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import data_made, known_programs
from bootready.knowledge.images.relevant import holds_path
from bootready.model.lookup import shown
from bootready.model.project import Mount

_PATIENCE = 60.0
"""Seconds by which a script may be younger than the data: clocks differ, and a start takes time."""


@check(
    summary="a script of the first start was changed after the data was made",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    uses=(Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.directories.first_boot",),
    since="0.1.0",
    reference="https://hub.docker.com/_/postgres#initialization-scripts",
)
def first_boot_only(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Compares the files that are mounted in `/docker-entrypoint-initdb.d` of known images with the
    data of an earlier start: a volume of the engine, or a directory that is not empty. If git
    tracks the file, that is a note, as a checkout gives it a new time.

    ## Why it matters
    The image runs these scripts only when its data directory is empty. The new table, user or
    setting does not exist, and no output says so.

    ## Remedy
    Run the script in the running database, or remove the data if it is not needed
    (`docker compose down --volumes`).

    ## When to silence it
    If the change was applied by other means.
    """
    for known in known_programs(context):
        for fact, _ in known.facts(known.image.family.directories):
            mounts = [m for m in known.service.mounts if m.kind == "bind"]
            placed = [m for m in mounts if holds_path(fact.path, m.target.rstrip("/"))]
            made = data_made(known, context) if fact.first_boot and placed else 0.0
            for mount in placed if made else ():
                path, changed = _newest(mount, context)
                if changed <= made + _PATIENCE:
                    continue
                name = shown(path, context.project.directory)
                tracked = context.host.tracked_by_git(path)
                yield report(
                    mount.location,
                    f"service '{known.service.name}': '{name}' is newer than the data, so it does"
                    " not run",
                    severity=Severity.NOTE if tracked else Severity.WARNING,
                    consequence=f"the image runs what is in {fact.path} only without data",
                    hint="run it in the database, or remove the data",
                )


def _newest(mount: Mount, context: Context) -> tuple[str, float]:
    """Return the youngest file of a mount, and when it was changed."""
    host = context.host
    names = host.entries(mount.source)
    paths = [f"{mount.source}/{name}" for name in names] if names else [mount.source]
    found = ((path, fact) for path in paths if (fact := host.file(path)) is not None)
    times = [(path, fact.modified) for path, fact in found if fact.kind == "file"]
    return max(times, key=lambda one: one[1], default=(mount.source, 0.0))
