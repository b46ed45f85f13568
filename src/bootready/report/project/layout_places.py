"""Columns in their order -> the height of each name: near its neighbours, and nothing overlaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from bootready.report.project.layout_order import Chains, Layers, mean_of, neighbours

HEIGHT = 56
GAP_Y, WAY_HEIGHT = 18, 14
EMPTY = 40
"""The height of the highest row of the drawing that may be empty."""
PASSES = 8


def heights(layers: Layers, chains: Chains) -> dict[str, float]:
    """Return the upper edge of each name, in pixels from the top of the drawing."""
    before, behind = neighbours(chains)
    both = {
        name: [*before.get(name, ()), *behind.get(name, ())] for layer in layers for name in layer
    }
    offsets = [_offsets(layer) for layer in layers]
    middles = {
        name: offset
        for layer, known in zip(layers, offsets, strict=True)
        for name, offset in zip(layer, known, strict=True)
    }
    for number in range(PASSES):
        near = both if number >= PASSES - 2 else (before, behind)[number % 2]
        order = range(len(layers)) if number % 2 == 0 else range(len(layers) - 1, -1, -1)
        for column in order:
            _move(layers[column], offsets[column], near, middles)
    return _without_empty_rows(middles)


def _without_empty_rows(middles: Mapping[str, float]) -> dict[str, float]:
    """Return the upper edges, from 0, with rows shut in which no column has anything."""
    found: dict[str, float] = {}
    shut, reached = 0.0, None
    for name in sorted(middles, key=lambda name: (middles[name] - _size(name) / 2, name)):
        top = middles[name] - _size(name) / 2
        if reached is None:
            shut = top
        else:
            shut += max(0.0, top - shut - reached - EMPTY)
        found[name] = top - shut
        reached = max(reached or 0.0, found[name] + _size(name))
    return found


def _size(name: str) -> float:
    return WAY_HEIGHT if "\0" in name else HEIGHT


def _offsets(layer: Sequence[str]) -> list[float]:
    """Return the middle of each name where they stand as close together as they may."""
    found = [_size(layer[0]) / 2] if layer else []
    for above, below in pairwise(layer):
        found.append(found[-1] + (_size(above) + _size(below)) / 2 + GAP_Y)
    return found


def _move(
    layer: Sequence[str],
    offsets: Sequence[float],
    near: Mapping[str, Sequence[str]],
    middles: dict[str, float],
) -> None:
    """Move the names of a column to the mean of their neighbours, as near as their order permits.

    The least squares of the distances, by pooling neighbours that would overlap: isotonic
    regression. A place on the way counts more, as its line would have a kink.
    """
    pools: list[tuple[float, float, int]] = []
    for name, offset in zip(layer, offsets, strict=True):
        found = [middles[one] for one in near.get(name, ())]
        wanted = mean_of(found) if found else middles[name]
        weight = (4.0 if "\0" in name else 1.0) if found else 0.2
        pool = ((wanted - offset) * weight, weight, 1)
        while pools and pools[-1][0] / pools[-1][1] > pool[0] / pool[1]:
            last = pools.pop()
            pool = (last[0] + pool[0], last[1] + pool[1], last[2] + pool[2])
        pools.append(pool)
    index = 0
    for total, weight, count in pools:
        for place in range(index, index + count):
            middles[layer[place]] = total / weight + offsets[place]
        index += count
