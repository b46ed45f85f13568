"""A volume is mounted at a path that the image does not use: found before boot, at its place."""

from __future__ import annotations

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import known_programs, says
from bootready.knowledge.images.globs import matches_any
from bootready.knowledge.images.known import KnownService
from bootready.model.project import Mount


@check(
    summary="a volume is mounted at a path that the image does not use",
    severity=Severity.WARNING,
    uses=(Needs.HOST, Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.data",),
    since="0.1.0",
    reference="https://docs.docker.com/engine/storage/volumes/",
)
def image_data_directory_unused(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for a named volume, or a writable directory of the host, at a path that a known image does
    not use, while nothing is mounted at its data directory.

    ## Why it matters
    The volume stays empty, and the data is lost when the container is removed.

    ## Remedy
    Mount the volume at the data directory.

    ## When to silence it
    If the data of the service may be lost.

    ## Known limits
    A path that the command or a variable names is assumed to be used.
    """
    for known in known_programs(context):
        facts = [*known.facts(known.image.family.data)]
        if (
            not facts
            or _configured(known)
            or any(_kept(known, fact.path, fact.declared) for fact, _ in facts)
        ):
            continue
        for mount in known.service.mounts:
            if not _is_data(mount, known, context):
                continue
            path, care = facts[0][0].path, facts[0][1]
            yield report(
                mount.location,
                f"service '{known.service.name}': image '{known.service.image}' keeps its data in"
                f" '{path}', not in '{mount.target}'",
                consequence=says("", care)
                or "the volume stays empty, and the data is lost with the container",
                hint=facts[0][0].instead or f"mount it at {path}",
            )


DATA = (
    "data",
    "lib",
    "db",
    "storage",
    "store",
    "home",
    "root",
    "persist",
    "state",
    "bitnami",
    "sql",
)
"""Words in a path that is meant to keep something."""


def _configured(known: KnownService) -> bool:
    """Tell whether a configuration of the service's own is read, which may name another place."""
    for fact, _ in known.facts(known.image.family.configs):
        for target in known.seen.targets:
            name = target.rpartition("/")[2]
            if matches_any(name, fact.files) and (
                matches_any(target, fact.read) or any(target in word for word in known.seen.argv)
            ):
                return True
    return False


def _kept(known: KnownService, path: str, declared: bool) -> bool:
    """Tell whether a mount holds the data: at its place, below it, or above one that the image does
    not declare (an anonymous volume covers a declared one).
    """
    for mount in known.service.mounts:
        target = mount.target.rstrip("/")
        if target == path or target.startswith(f"{path}/"):
            return True
        if path.startswith(f"{target}/") and not declared:
            return True
    return any(target == path for target in known.seen.targets)


def _is_data(mount: Mount, known: KnownService, context: Context) -> bool:
    if mount.read_only or mount.kind not in {"bind", "volume"}:
        return False
    if mount.kind == "bind":
        found = context.host.file(mount.source)
        if found is not None and (found.kind != "directory" or context.host.entries(mount.source)):
            return False
        if "." in mount.target.rpartition("/")[2]:
            return False
    target = mount.target.rstrip("/")
    family = known.image.family
    used = [one.path for one in family.directories]
    used += [place.rstrip("*").rstrip("/") for one in family.configs for place in one.read]
    data = [one.path for one in family.data]
    used = [place for place in used if not any(path.startswith(f"{place}/") for path in data)]
    if any(target == place or target.startswith(f"{place}/") for place in used):
        return False
    if any(
        word in target
        for word in ("log", "backup", "cert", "ssl", "tls", "conf", "init", "run/", "tmp")
    ):
        return False
    if not any(word in target.lower() for word in (*DATA, family.name.partition("-")[0])):
        return False
    words = (
        *(known.service.command or ()),
        *known.seen.variables.values(),
        *(
            other.target
            for other in known.service.mounts
            if other is not mount and other.target.startswith(f"{target}/")
        ),
    )
    return not any(target in word for word in words)
