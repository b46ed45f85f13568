"""The table `registry` of a `host.toml` -> the same registries on every machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootready.engine.image_config import image_fact
from bootready.model.fact import Layer, RegistryFact
from bootready.model.node import Plain
from bootready.typed import cast

Table = Mapping[str, object]


class RecordedRegistry:
    """Registries that were written down: by reference, or by ``reference linux/arm64``."""

    asked = True

    def __init__(self, facts: Table) -> None:
        self._facts = cast("Mapping[str, Table]", facts)

    def image(self, image: str, platform: str = "") -> RegistryFact | None:
        """Return what was recorded of an image, or None."""
        row = self._facts.get(f"{image} {platform}") or self._facts.get(image)
        if row is None:
            return None
        remaining = row.get("remaining")
        config = row.get("config")
        return RegistryFact(
            str(row.get("host", "registry.example.com")),
            str(row.get("state", "found")),
            str(row.get("said", "")),
            str(row.get("digest", "")),
            tuple(cast("Sequence[str]", row.get("platforms", ()))),
            tuple(
                Layer(str(one[0]), cast(int, one[1]), str(one[0]))
                for one in cast("Sequence[Sequence[object]]", row.get("layers", ()))
            ),
            None if config is None else image_fact(cast(Plain, config), "amd64", "linux"),
            str(row.get("login", "")),
            None if remaining is None else cast(int, remaining),
        )
