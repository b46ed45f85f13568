"""The volumes that the engine has, as facts."""

from __future__ import annotations

from bootready.engine.api import Api, items, mapping, text
from bootready.engine.moment import parse_time
from bootready.model.fact import VolumeFact

_PROJECT = "com.docker.compose.project"
"""As `PROJECT_LABEL` in `engine/container.py`, which a `check` would import for this alone."""


def volume_facts(api: Api) -> tuple[VolumeFact, ...]:
    """Return the volumes that exist. Raises EngineError."""
    return tuple(
        VolumeFact(
            text(row, "Name"),
            text(row, "Driver"),
            {key: str(value) for key, value in mapping(row, "Options").items()},
            text(row, "Labels", _PROJECT),
            text(row, "Labels", "com.docker.compose.volume"),
            parse_time(text(row, "CreatedAt")),
        )
        for row in items(api.get("/volumes"), "Volumes")
    )
