"""The source of a bind mount does not exist: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import (
    Context,
    Finding,
    Iterator,
    Needs,
    Remedy,
    Report,
    Severity,
    check,
)
from bootready.check.remedies import directory_created, file_created
from bootready.knowledge.paths import PathKind, kind_of_missing
from bootready.knowledge.secrets.certificate_sets import files_of_sets
from bootready.knowledge.secrets.certificates import certificate_files
from bootready.model.lookup import shown
from bootready.model.position import Location
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.model.evidence import Host


@check(
    summary="the source of a bind mount does not exist",
    severity=Severity.WARNING,
    needs=Needs.HOST,
    looks_at=("service.volumes",),
    where=("mount.bind",),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def bind_source_missing(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Checks that the source of every bind mount of a selected service exists on the host. Directories
    outside the project are one finding.

    ## Why it matters
    The engine creates an empty directory that belongs to root, even if the name is that of a file.
    The service then finds no configuration or cannot write.

    ## What you see
    `docker compose up` exits 0. If the target is a file in the image, the container does not start:

    ```
    Are you trying to mount a directory onto a file (or vice-versa)?
    ```

    ## Remedy
    `bootready prepare` creates a missing directory with the owner that the service needs, and a
    file that has an example beside it (`nginx.conf.example`). Other files must be restored from the
    project. Whether a source is a file or a directory is told by its target, its name, its
    neighbours and git.

    ## When to silence it
    If the service works with an empty directory that belongs to root.
    """
    made = certificate_files(context.project, context.host)
    made |= files_of_sets(context.project, context.host)
    away: dict[str, list[Location]] = {}
    for service in context.project.services:
        for mount in service.mounts:
            if (
                mount.kind != "bind"
                or not mount.create_host_path
                or context.host.file(mount.source)
                or mount.source in made
            ):
                continue
            directory = context.project.directory
            path = shown(mount.source, directory)
            place = mount.location.labelled("the engine would create a root-owned directory there")
            kind = kind_of_missing(context.host, mount.source, mount.target, directory)
            if path.startswith("/") and kind is PathKind.DIRECTORY:
                away.setdefault(mount.source, []).append(place)
                continue
            remedy = _remedy(context.host, mount.source, path, kind)
            yield report(
                place,
                f"service '{service.name}': bind source '{path}' does not exist",
                hint="" if remedy else f"restore {path}" if kind is PathKind.FILE else _ABSENT,
                remedy=remedy,
            )
    if away:
        yield _outside(report, away)


_ABSENT = "this machine does not have it; remove the mount if the service works without it"


def _remedy(host: Host, source: str, path: str, kind: PathKind) -> Remedy | None:
    if kind is PathKind.DIRECTORY:
        return directory_created(source, path)
    return file_created(host, source, path) if kind is PathKind.FILE else None


def _outside(report: Report, away: dict[str, list[Location]]) -> Finding:
    """Return the one finding for all directories outside the project."""
    names = [f"'{source}'" for source in away]
    places = [place for found in away.values() for place in found]
    remedies = [directory_created(source, source) for source in away]
    actions = tuple(action for one in remedies for action in one.actions)
    title = remedies[0].title if len(names) == 1 else f"creates {len(names):,} directories"
    many = len(names) > _FEW
    return report(
        places[0],
        _outside_message(names),
        related=places[1:],
        remedy=remedies[0]._replace(title=title, actions=actions),
    )._replace(
        places=len(places),
        brief=_outside_message([*names[:2], f"{len(names) - 2:,} more"]) if many else "",
        subjects=tuple(dict.fromkeys(place.path[:2] for place in places)),
    )


_FEW = 3
"""So many directories are named on a screen."""


def _outside_message(names: list[str]) -> str:
    if len(names) == 1:
        return f"project: bind source {names[0]} outside it does not exist"
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"project: bind sources {listed} outside it do not exist"
