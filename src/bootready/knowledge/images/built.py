"""A project -> the images that it builds itself, and the services whose image is never pulled."""

from __future__ import annotations

from bootready.model.lookup import text_at
from bootready.model.node import Mapping, Scalar, Sequence
from bootready.model.project import Project, Service
from bootready.typed import Iterator


def built_images(project: Project) -> frozenset[str]:
    """Return the names, with tags, under which the selected services leave what they build.

    Compose builds before it creates any container, so that other services may use these.
    """
    names = {
        with_tag(service.image or f"{project.name}-{service.name}")
        for service in project.services
        if service.build
    }
    return frozenset(names | {with_tag(tag) for tag in _tags(project)})


def _tags(project: Project) -> list[str]:
    nodes = (service.node.entries.get("build") for service in project.services)
    lists = (node.entries.get("tags") for node in nodes if isinstance(node, Mapping))
    items = (item for node in lists if isinstance(node, Sequence) for item in node.items)
    return [str(item.value) for item in items if isinstance(item, Scalar)]


def pulled_services(project: Project) -> Iterator[Service]:
    """Yield the services whose image comes from a registry, unless it is here already."""
    built = built_images(project)
    for service in project.services:
        image = service.image
        if not image or service.build or with_tag(image) in built or is_never_pulled(service):
            continue
        yield service


def is_always_pulled(service: Service) -> bool:
    """Tell whether Compose asks the registry even if the image is here."""
    return text_at(service.node, "pull_policy") == "always"


def is_never_pulled(service: Service) -> bool:
    """Tell whether Compose must not pull the image of a service that it does not build."""
    return not service.build and text_at(service.node, "pull_policy") in {"never", "build"}


def with_tag(image: str) -> str:
    """Return an image's name with its tag, which is `latest` if it is not written."""
    return image if ":" in image.rpartition("/")[2] or "@" in image else f"{image}:latest"
