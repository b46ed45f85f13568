"""A project -> the references in an attribute of its services that become an empty text."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.node import Reference
from bootready.model.problem import Use
from bootready.model.project import Project


def emptied(project: Project, attribute: str) -> Iterator[Use]:
    """Yield the uses of variables in `attribute` of a service that leave nothing behind: not set
    and without a default, set to nothing, or with a default that is empty.
    """
    for use in project.uses:
        if use.path[:1] != ("services",) or use.path[2:3] != (attribute,):
            continue
        known = project.variables_in(use.reference.span.file).get(use.reference.name)
        if not _text(use.reference, known.value if known else None):
            yield use


def _text(reference: Reference, value: str | None) -> str:
    match reference.operator:
        case "":
            return value or ""
        case ":-":
            return value or reference.argument
        case "-":
            return reference.argument if value is None else value
    return "?"  # `?` stops Compose, and `+` is empty on purpose
