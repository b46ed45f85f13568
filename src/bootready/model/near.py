"""A misspelt word and the known ones -> those near it; names for a message, not too many."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

MOST = 200
"""So many words are compared with one; with more, each mistake would cost all of them."""
_LONGEST = 200
"""Characters; the time grows with their product."""
NAMED = 12
"""So many names stand in a message."""


def nearest(word: str, known: Collection[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """Return up to `count` of the known words, the nearest first, none of more than `MOST`.

    `cutoff` is from 0, anything, to 1, the same (difflib).
    """
    if len(known) > MOST or len(word) > _LONGEST:
        return []
    from difflib import get_close_matches

    return get_close_matches(word, sorted(known), count, cutoff)


def listed(names: Collection[str]) -> str:
    """Return the names in quotes, the first of them where there are many; '' for none."""
    shown = ", ".join(f"'{name}'" for name in islice(names, NAMED))
    more = len(names) - NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def named(names: Collection[str], most: int = 3) -> str:
    """Return the names in quotes as a sentence has them: ``'a', 'b', 'c' and 4 more``."""
    quoted = [f"'{name}'" for name in names]
    if len(quoted) <= most + 1:
        *head, last = quoted or ["''"]
        return f"{', '.join(head)} and {last}" if head else last
    return f"{', '.join(quoted[:most])} and {len(quoted) - most} more"
