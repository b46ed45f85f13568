"""A value -> whether it looks drawn at random, as what people make up does not."""

from __future__ import annotations

import itertools

_LEAST = 16
"""Characters; what is shorter is no key, whatever it looks like."""
_CHANGES = 0.25
"""Of the neighbours in a random text of hex digits 0.47 are of different classes, of letters and
digits 0.44, of words written together 0.2 at most: a small letter after a capital is no change.
"""


def looks_random(value: str) -> bool:
    """Tell whether letters and digits of `value` follow each other as if they were drawn."""
    text = "".join(char for char in value if char.isalnum())
    if len(text) < _LEAST or len(set(text)) < 8:
        return False
    kinds = [_kind(char) for char in text]
    changes = sum(a != b and (a, b) != (2, 1) for a, b in itertools.pairwise(kinds))
    return changes >= _CHANGES * len(text)


def _kind(char: str) -> int:
    if char.isdigit():
        return 0
    return 1 if char.islower() else 2
