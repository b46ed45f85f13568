"""A project and its engine -> what occurs there, as the `where` of checks names it.

Most checks that ask an engine compare a few names with those that it has. To compare them is less
than to import the checks.
"""

from __future__ import annotations

from bootready.check.api import Context
from bootready.errors import EngineError
from bootready.typed import Callable


def occurs_on(context: Context, word: str) -> bool:
    """Tell whether `word` occurs: see `_OF_ENGINE`.

    True as well where no engine answers: the check is then skipped, and the reason is told.
    """
    if word not in _OF_ENGINE:
        return False
    try:
        return not context.engine.reachable or _OF_ENGINE[word](context)
    except EngineError:
        return True  # the check asks again, and its error is that of the command


def _has_network(context: Context) -> bool:
    names = {network.name for network in context.project.networks}
    return not names.isdisjoint(context.engine.networks())


def _has_volume(context: Context) -> bool:
    names = {volume.name for volume in context.project.volumes}
    return not names.isdisjoint(context.engine.volumes())


def _has_container(context: Context) -> bool:
    project = context.project
    return any(
        fact.project == project.name or fact.directory in {project.directory, "."}
        for fact in context.engine.containers()
    )


def _has_image(context: Context) -> bool:
    images = {service.image for service in context.project.services if service.image}
    return any(context.engine.image(image) is not None for image in images)


_OF_ENGINE: dict[str, Callable[[Context], bool]] = {
    "engine.network": _has_network,
    "engine.volume": _has_volume,
    "engine.container": _has_container,
    "engine.image": _has_image,
    "engine.podman": lambda context: context.engine.info().kind.is_podman,
    "engine.rootless": lambda context: context.engine.info().rootless,
    "registry.asked": lambda context: context.registry.asked,
}
"""The engine has a network or volume of a name in the project; a container of the project's name
or directory; an image of the project. It is Podman; it runs without root. Registries are asked.
"""
