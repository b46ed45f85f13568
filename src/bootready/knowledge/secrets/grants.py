"""A project -> the top-level secrets and configs that selected services are granted."""

from __future__ import annotations

from collections.abc import Iterator

from bootready.model.project import FileObject, Project


def granted(project: Project) -> Iterator[tuple[str, FileObject]]:
    """Yield every secret and config that a selected service is granted, after its kind."""
    secrets = {grant.source for service in project.services for grant in service.secrets}
    configs = {grant.source for service in project.services for grant in service.configs}
    yield from (("secret", item) for item in project.secrets if item.name in secrets)
    yield from (("config", item) for item in project.configs if item.name in configs)
