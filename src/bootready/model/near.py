"""A misspelt word and the known ones -> those near it; names for a message, not too many."""

from __future__ import annotations

from itertools import islice

from bootready.typed import Collection

MOST = 200
"""So many words are compared with one; with more, each mistake would cost all of them."""
TYPED = 5_000
"""So many are compared with the one word that a person has typed."""
_LONGEST = 200
"""Characters; the time grows with their product."""
LIKE = 0.6
"""How alike two words are of which one may be meant, in a question (difflib's own measure)."""
SURELY = 0.75
"""How alike they are where no person judges; also of options, which all begin with `--`."""
NAMED = 12
"""So many names stand in a message."""


def nearest(
    word: str, known: Collection[str], count: int = 1, cutoff: float = LIKE, most: int = MOST
) -> list[str]:
    """Return up to `count` of the known words, the nearest first, none of more than `most`.

    `cutoff` is from 0, anything, to 1, the same (difflib).
    """
    if len(known) > most or len(word) > _LONGEST:
        return []
    from difflib import get_close_matches

    return get_close_matches(word, sorted(known), count, cutoff)


def did_you_mean(
    word: str, known: Collection[str], count: int = 1, cutoff: float = LIKE, most: int = MOST
) -> str:
    """Return the question for those of the known words that are near, '' if none is."""
    near = [f"'{name}'" for name in nearest(word, known, count, cutoff, most)]
    return f"did you mean {' or '.join(near)}?" if near else ""


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


def only_near(word: str, known: Collection[str]) -> str:
    """Return the only known word that `word` can be a misspelling of, '' for none or several.

    It differs by case, `-` and `_`, by one sign (added, left out, changed or swapped with the
    next), or, if it is long, by two; or its last part is missing: `depends` of `depends_on`.
    """
    if len(known) > MOST or not _SHORTEST <= len(word) <= _LONGEST:
        return ""
    same = [one for one in known if _plain(one) == _plain(word)]
    most = 1 if len(word) < _LONG else 2
    near = same or [
        one
        for one in known
        if len(one) > _SHORTEST and abs(len(one) - len(word)) <= most and _steps(word, one) <= most
    ]
    if not near and len(word) >= _WHOLE:
        near = [one for one in known if one.startswith(f"{word}_")]
    return near[0] if len(near) == 1 else ""


_SHORTEST = 3
_LONG = 9
"""Letters of a word in which two mistakes leave no doubt."""
_WHOLE = 5
"""Letters of a word that can be the first part of another one."""


def _plain(word: str) -> str:
    return word.lower().replace("-", "").replace("_", "").replace(".", "")


def _steps(one: str, other: str) -> int:
    """Return how many signs are added, left out, changed or swapped between two words (OSA)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        line = [row]
        for column, wanted in enumerate(other, 1):
            changed = last[column - 1] + (sign != wanted)
            least = min(last[column] + 1, line[-1] + 1, changed)
            swapped = row > 1 and column > 1 and sign == other[column - 2]
            if swapped and one[row - 2] == wanted:
                least = min(least, before[column - 2] + 1)
            line.append(least)
        before, last = last, line
    return last[-1]
