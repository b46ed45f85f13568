"""Columns of a layered drawing -> the same columns, each in the order with the fewest crossings."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from itertools import pairwise

Layers = list[list[str]]
"""The names of each column, from the left; those with a NUL are places on the way of an edge."""
Chains = dict[tuple[str, str], list[str]]
"""An edge -> the names that it goes through, from left to right."""
Near = Mapping[str, Sequence[str]]

SWEEPS = 12


def in_order(layers: Layers, chains: Chains) -> Layers:
    """Return the columns in order."""
    before, behind = neighbours(chains)
    now = [list(layer) for layer in layers]
    for layer in now:
        layer.sort()
    best, fewest = [list(layer) for layer in now], _crossings(now, behind)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        forward = sweep % 2 == 0
        order = range(1, len(now)) if forward else range(len(now) - 2, -1, -1)
        for index in order:
            fixed = now[index - 1 if forward else index + 1]
            _sort_by_mean(now[index], fixed, before if forward else behind)
        found = _crossings(now, behind)
        if found < fewest:
            best, fewest = [list(layer) for layer in now], found
    for _ in range(SWEEPS if fewest else 0):
        if not _swapped(best, before, behind):
            break
    return best


def _swapped(layers: Layers, before: Near, behind: Near) -> bool:
    """Change neighbours of a column where that saves crossings; tell whether it did anywhere."""
    changed = False
    places = [{name: index for index, name in enumerate(layer)} for layer in layers]
    for column, layer in enumerate(layers):
        sides = [
            (places[at], near)
            for at, near in ((column - 1, before), (column + 1, behind))
            if 0 <= at < len(layers)
        ]
        for index in range(len(layer) - 1):
            upper, lower = layer[index : index + 2]
            saved = 0
            for place, near in sides:
                of_upper = [place[name] for name in near.get(upper, ())]
                of_lower = [place[name] for name in near.get(lower, ())]
                saved += sum((a > b) - (a < b) for a in of_upper for b in of_lower)
            if saved > 0:
                layer[index : index + 2] = lower, upper
                places[column][upper], places[column][lower] = index + 1, index
                changed = True
    return changed


def neighbours(chains: Chains) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the names to the left of each name, and those to its right, in a fixed order."""
    before: dict[str, set[str]] = {}
    behind: dict[str, set[str]] = {}
    for chain in chains.values():
        for left, right in pairwise(chain):
            before.setdefault(right, set()).add(left)
            behind.setdefault(left, set()).add(right)
    return _sorted(before), _sorted(behind)


def _sorted(near: Mapping[str, set[str]]) -> dict[str, list[str]]:
    return {name: sorted(others) for name, others in near.items()}


def _crossings(layers: Layers, behind: Near) -> int:
    """Return how often lines between columns beside each other cross."""
    total = 0
    for left, right in pairwise(layers):
        place = {name: index for index, name in enumerate(right)}
        passed: list[int] = []
        for name in left:
            ends = [place[one] for one in behind.get(name, ())]
            total += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return total


def _sort_by_mean(layer: list[str], fixed: Sequence[str], near: Near) -> None:
    place = {name: (index + 0.5) / len(fixed) for index, name in enumerate(fixed)}
    now = {name: (index + 0.5) / len(layer) for index, name in enumerate(layer)}
    mean = {}
    for name in layer:
        found = [place[one] for one in near.get(name, ())]
        mean[name] = mean_of(found) if found else now[name]
    layer.sort(key=lambda name: (mean[name], now[name]))


def mean_of(numbers: Sequence[float]) -> float:
    """Return the mean, added one by one: `sum` rounds otherwise since Python 3.12."""
    total = 0.0
    for one in numbers:
        total += one
    return total / len(numbers)
