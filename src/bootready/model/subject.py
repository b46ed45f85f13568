"""The path of a value -> the words that a message about it starts with, the same everywhere."""

from __future__ import annotations

from bootready.model.position import YamlPath, render_path

SINGULAR = {
    "services": "service",
    "networks": "network",
    "volumes": "volume",
    "secrets": "secret",
    "configs": "config",
    "models": "model",
    "jobs": "job",
}
"""The word for one entry of each top-level element."""


def subject_of(path: YamlPath) -> str:
    """Return what `path` belongs to: ``service 'web'``, or ``project`` outside of any resource."""
    if len(path) > 1 and path[0] in SINGULAR:
        return f"{SINGULAR[str(path[0])]} '{path[1]}'"
    return "project"


def attribute_of(path: YamlPath) -> str:
    """Return the rest of `path` after its subject: ``healthcheck.test[0]``, or ''."""
    if len(path) > 1 and path[0] in SINGULAR:
        return render_path(path[2:])
    return render_path(path)
