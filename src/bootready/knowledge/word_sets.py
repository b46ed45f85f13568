"""Words as they are listed in a text -> the set of them."""

from __future__ import annotations


def words_in(text: str) -> frozenset[str]:
    """Return the words of `text`, which stand between spaces or on lines of their own."""
    return frozenset(text.split())
