"""Two plain models -> the paths at which they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bootready.model.node import Plain
from bootready.model.position import YamlPath


def differences(
    before: Plain, after: Plain, back: Callable[[str], str], path: YamlPath = ()
) -> Iterator[YamlPath]:
    """Yield the paths that differ; `back` names the paths of a copy as in the original."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            if key in before and key in after:
                yield from differences(before[key], after[key], back, (*path, key))
            else:
                yield (*path, key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, back, (*path, number))
    elif before != (back(after) if isinstance(after, str) else after):
        yield path
