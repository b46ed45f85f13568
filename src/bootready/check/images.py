"""A project and its evidence -> the services whose program is known, and how grave a fact is.

An image on this machine is better evidence than its name: where its entrypoint is not the one that
is known, it is somebody's own, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bootready.check.pulls import image_of
from bootready.knowledge.images.facts import Required
from bootready.knowledge.images.known import KnownService, known_services
from bootready.model.fact import ImageFact
from bootready.model.finding import Severity
from bootready.model.project import Mount
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from bootready.check.api import Context

_MAY_HOLD = "its volume may already have data"
_BELOW = {"exits": Severity.ERROR, "unhealthy": Severity.ERROR, "note": Severity.NOTE}


def known_in(context: Context) -> Iterator[KnownService]:
    """Yield the services of known images; a local image of another make is left out."""
    for known in known_services(context.project):
        if known.agrees(_local(known, context)):
            yield known


def known_programs(context: Context) -> Iterator[KnownService]:
    """Yield those that run the image's own program by its own entrypoint."""
    for known in known_in(context):
        if known.runs_program:
            yield known


def grave(outcome: str, care: str) -> Severity:
    """Return the severity of a fact; one that is not certain is a warning at most."""
    severity = _BELOW.get(outcome, Severity.WARNING)
    return Severity.WARNING if care and severity is Severity.ERROR else severity


def says(log: str, care: str = "", outcome: str = "exits") -> str:
    """Return what the program will do, in its own words, and what is not certain about it."""
    verb = {"exits": "it ends with", "unhealthy": "every probe fails with"}.get(outcome, "it says")
    words = [f"{verb}: {log}" if log else ""]
    if care:
        words.append(f"not certain: {care}")
    return "; ".join(word for word in words if word)


def unmet_variables(context: Context) -> Iterator[tuple[KnownService, Required, str]]:
    """Yield the variables that known images demand and that are not set, each with its care."""
    for known in known_programs(context):
        if not environment_known(known, context):
            continue
        for fact, doubt in known.facts(known.image.family.required):
            if any(known.is_given(name) for name in fact.any_of):
                continue
            data = has_data(known, context) if fact.first_boot else False
            if not data:
                yield known, fact, doubt or (_MAY_HOLD if data is None else "")


def environment_known(known: KnownService, context: Context) -> bool:
    """Tell whether every variable of a service is known: no env_file of it is missing."""
    return not any(
        problem.kind == "env-file-missing"
        and problem.location.path[:2] == ("services", known.service.name)
        for problem in context.project.problems
        if problem.location is not None
    )


def has_data(known: KnownService, context: Context) -> bool | None:
    """Tell whether the program finds data of an earlier start; None if that cannot be known."""
    for fact, _ in known.facts(known.image.family.data):
        mount = mount_over(known, fact.path)
        if mount is None:
            continue
        if mount.kind == "bind":
            found = context.host.file(mount.source)
            return found is not None and bool(context.host.entries(mount.source))
        volume = next((v for v in context.project.volumes if v.key == mount.source), None)
        if volume is not None and volume.device:
            return bool(context.host.entries(volume.device))
        if volume is not None and context.engine.reachable:
            return volume.name in context.engine.volumes()
        return None if volume is not None and volume.external else False
    return False


def data_made(known: KnownService, context: Context) -> float:
    """Return when the data of an earlier start was made, in seconds since the epoch.

    0.0 where there is none, or nothing tells. Of a directory that is the time of its oldest entry:
    programs mark their data with a file that never changes.
    """
    for fact, _ in known.facts(known.image.family.data):
        mount = mount_over(known, fact.path)
        if mount is None or not has_data(known, context):
            continue
        volume = next((v for v in context.project.volumes if v.key == mount.source), None)
        folder = mount.source if mount.kind == "bind" else (volume.device if volume else None)
        if folder:
            found = (context.host.file(f"{folder}/{name}") for name in context.host.entries(folder))
            return min((one.modified for one in found if one is not None), default=0.0)
        if volume is not None and context.engine.reachable:
            facts = context.engine.volume_facts()
            return next((one.created for one in facts if one.name == volume.name), 0.0)
    return 0.0


def mount_over(known: KnownService, path: str) -> Mount | None:
    """Return the mount that holds `path` of the container, the nearest one, or None."""
    holding = [
        mount
        for mount in known.service.mounts
        if path == mount.target.rstrip("/") or path.startswith(f"{mount.target.rstrip('/')}/")
    ]
    return max(holding, key=lambda mount: len(mount.target), default=None)


def _local(known: KnownService, context: Context) -> ImageFact | None:
    return image_of(context, known.service)[0]
