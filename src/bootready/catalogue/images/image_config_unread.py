"""A configuration is mounted where the image never reads it: found before boot, at its place."""

from __future__ import annotations

import re

from bootready.check.api import Context, Finding, Iterator, Needs, Report, Severity, check
from bootready.check.images import grave, known_programs, says
from bootready.knowledge.images.facts import Config, Directory
from bootready.knowledge.images.known import KnownService
from bootready.knowledge.images.relevant import ALIKE, beginning, is_elsewhere, may_be_misspelt
from bootready.model.position import Location


@check(
    summary="a configuration is mounted where the image never reads it",
    severity=Severity.WARNING,
    uses=(Needs.HOST, Needs.ENGINE, Needs.REGISTRY),
    looks_at=("image.configs", "image.directories"),
    since="0.1.0",
    reference="https://docs.docker.com/reference/compose-file/services/#volumes",
)
def image_config_unread(context: Context, report: Report) -> Iterator[Finding]:
    """
    ## What it does
    Looks for configuration files that are mounted outside the paths that a known image reads, and
    that neither the command nor a variable names. It also finds misspelt directory names such as
    `/docker-entrypoint-initdb.d`.

    ## Why it matters
    The program runs with its defaults, as if the file did not exist. No output says so.

    ## Remedy
    Mount the file at a path that the image reads, or name it in the command.

    ## When to silence it
    If another configuration file includes this one.
    """
    for known in known_programs(context):
        placed = [*_placed(known)]
        for fact, care in known.facts(known.image.family.configs):
            for target, location in placed:
                if _unread(target, fact, known):
                    yield report(
                        location,
                        f"service '{known.service.name}': image '{known.service.image}' does not"
                        f" read '{target}'",
                        severity=grave("wrong", care),
                        consequence=says("", care) or "the program runs with its defaults",
                        hint=fact.instead,
                    )
        for directory, care in known.facts(known.image.family.directories):
            for target, location in placed:
                if _misspelt(target, directory, known):
                    yield report(
                        location,
                        f"service '{known.service.name}': image '{known.service.image}' reads"
                        f" '{directory.path}', not '{target}'",
                        severity=grave("wrong", care),
                        hint=f"mount it at {directory.path}",
                    )


def _placed(known: KnownService) -> Iterator[tuple[str, Location]]:
    """Yield what is mounted as a file or directory of the project: binds and configs."""
    for mount in known.service.mounts:
        if mount.kind == "bind":
            yield mount.target.rstrip("/"), mount.location
    for grant in known.service.configs:
        target = grant.target or grant.source
        yield target if target.startswith("/") else f"/{target}", grant.location


def _unread(target: str, fact: Config, known: KnownService) -> bool:
    if not is_elsewhere(target, fact):
        return False
    folder = target.rpartition("/")[0]
    text = " ".join((*known.seen.argv, *known.seen.variables.values()))
    return not any(_named(path, text) for path in (target, folder) if path)


def _named(path: str, text: str) -> bool:
    """Tell whether a path stands in `text` as a whole, with or without a slash after it."""
    return re.search(rf"(^|[=\s:,'\"]){re.escape(path)}/?($|[\s:,'\"])", text) is not None


def _misspelt(target: str, directory: Directory, known: KnownService) -> bool:
    if not may_be_misspelt(target, directory):
        return False
    from difflib import SequenceMatcher

    known_places = [one.path for one in known.image.family.directories]
    head = beginning(target, directory.path)
    if head in known_places or any(head in word for word in known.seen.variables.values()):
        return False
    return SequenceMatcher(None, head, directory.path).ratio() >= ALIKE
