"""A project -> the variables that an env file of a service sets and its `environment` empties."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.lookup import entries_at
from bootready.model.node import Scalar
from bootready.model.project import Project, Service
from bootready.typed import NamedTuple


class Blanked(NamedTuple):
    """A variable, the entry that empties it, and the one of the env file below it."""

    service: Service
    name: str
    node: Scalar
    below: Scalar


def blanked_over_env_file(project: Project) -> Iterator[Blanked]:
    """Yield what is taken from a variable without a value although an env file has one.

    ``KEY: ""`` is meant; ``KEY: ${KEY}`` and ``KEY: ${KEY:-}`` are not.
    """
    for service in project.services:
        for name, node in entries_at(service.node, "environment"):
            if not isinstance(node, Scalar) or node.value not in {None, ""}:
                continue
            if node.overrides is None or not (node.references or node.value is None):
                continue
            below = node.overrides
            while below.overrides is not None:
                below = below.overrides
            of_file = below.span.file not in project.files
            if of_file and isinstance(below, Scalar) and below.value not in {None, ""}:
                yield Blanked(service, name, node, below)
