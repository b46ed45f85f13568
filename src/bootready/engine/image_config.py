"""The configuration of an image as the engine and registries write it -> what checks read of it.

https://github.com/opencontainers/image-spec/blob/main/config.md
"""

from __future__ import annotations

from bootready.engine.api import items, mapping, text
from bootready.model.fact import ImageFact
from bootready.model.node import Plain


def image_fact(config: Plain, architecture: str, system: str) -> ImageFact:
    """Return the facts of an image; `config` is its ``Config`` or, in a registry, ``config``."""
    healthcheck = items(config, "Healthcheck", "Test")
    return ImageFact(
        text(config, "User"),
        tuple(str(word) for word in items(config, "Entrypoint")),
        tuple(str(word) for word in items(config, "Cmd")),
        tuple(mapping(config, "ExposedPorts")),
        bool(healthcheck) and healthcheck != ["NONE"],
        architecture,
        pairs(items(config, "Env")),
        text(config, "WorkingDir"),
        tuple(mapping(config, "Volumes")),
        system,
        tuple(str(word) for word in items(config, "Shell")),
    )


def pairs(entries: list[Plain]) -> dict[str, str]:
    """Return ``NAME=VALUE`` entries by their names."""
    return {name: value for name, _, value in (str(entry).partition("=") for entry in entries)}
