"""A project and a name that a person typed -> what has that name, and where it comes from."""

from __future__ import annotations

from bootready.errors import UsageError
from bootready.model.near import NAMED, TYPED, did_you_mean
from bootready.model.project import Project
from bootready.report.explained_names import (
    explain_image,
    explain_resource,
    explain_variable,
    names_of_gifts,
)
from bootready.report.explanation import (
    Explanation,
    Unknown,
    explain_file_object,
    explain_path,
)

_ROOTS = ("services", "networks", "volumes", "secrets", "configs", "models", "jobs", "name")


def explained(project: Project, what: str) -> Explanation:
    """Return what is known of the path, variable, secret, service, image or resource `what`.

    Raises UsageError where nothing has that name, with those that are near it.
    """
    is_root = what.partition(".")[0].partition("[")[0] in _ROOTS or what.startswith("x-")
    is_known = is_root and isinstance(explain_path(project, what), Explanation)
    if is_known or (is_root and not _names_a_service(project, what)):
        return _of_path(project, what)
    found = explain_variable(project, what)
    for kind in ("secrets", "configs"):
        found = found or explain_file_object(project, kind, what)
    if found is not None:
        return found
    if _names_a_service(project, what):
        return _of_path(project, f"services.{what}")
    found = explain_image(project, what) or explain_resource(project, what)
    if found is not None:
        return found
    raise UsageError(f"'{what}' was not found", _nearest(what, _names(project)))


def _names_a_service(project: Project, what: str) -> bool:
    """Tell whether `what` is a service, or a place in one such as ``web.ports[0]``."""
    names = (*(service.name for service in project.services), *project.disabled)
    return any(what == name or what.startswith((f"{name}.", f"{name}[")) for name in names)


def _of_path(project: Project, what: str) -> Explanation:
    parts = what.split(".")
    if len(parts) == 2 and parts[0] in {"secrets", "configs"}:
        found = explain_file_object(project, parts[0], parts[1])
        if found is not None:
            return found
    answer = explain_path(project, what)
    if isinstance(answer, Explanation):
        service = answer.subject.removeprefix("services.")
        is_service = what.startswith("services.") and project.service(service) is not None
        return _with_talks(project, answer, service) if is_service else answer
    raise UsageError(_missing(project, answer), _nearest(answer.word, answer.known))


def _with_talks(project: Project, answer: Explanation, service: str) -> Explanation:
    from bootready.pipeline.report import talks
    from bootready.report.explanation import with_talks

    return with_talks(answer, service, talks(project))


def _missing(project: Project, unknown: Unknown) -> str:
    if unknown.where == "services" and unknown.word in project.disabled:
        return f"service '{unknown.word}' is in an inactive profile, use --profile"
    inside = f"`{unknown.where}`" if unknown.where else "the project"
    return f"{inside} has no '{unknown.word}'"


def _names(project: Project) -> tuple[str, ...]:
    from bootready.check.discover import index

    names = {use.reference.name for use in project.uses} | set(project.variables)
    names |= {one.name for one in (*project.secrets, *project.configs)}
    names |= {service.name for service in project.services} | names_of_gifts(project)
    names |= {service.image for service in project.services if service.image}
    names |= {one.key for one in project.networks} | {one.key for one in project.volumes}
    return (*sorted(names), *(entry.id for entry in index()))


def _nearest(word: str, known: tuple[str, ...]) -> str:
    near = did_you_mean(word, known, 3, most=TYPED)
    return near or (f"one of: {', '.join(known)}" if known and len(known) <= NAMED else "")
