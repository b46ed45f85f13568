"""A pattern -> how its time grows with the text from one place of it, told from its parts alone.

A repeat that may give back what it took multiplies what comes after it; what is possessive, atomic
or looked at ahead only adds. Degree 1 is a pattern that takes the square of a line's length at
most, from all its places together; UNKNOWN one whose parts do not tell.
"""

import re
from collections.abc import Iterable
from re import _constants as c  # type: ignore[attr-defined]  # the parser has no public name
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Any

UNKNOWN = 99
FEW = 16
"""A repeat of up to so many is no growth."""
_SINGLE = {c.LITERAL, c.NOT_LITERAL, c.IN, c.ANY, c.CATEGORY}


def degree(pattern: str, flags: int = 0) -> int:
    """Return how often the length of the text is a factor of the time, or UNKNOWN."""
    given_back, kept = _degrees(parser.parse(pattern, flags & ~re.DEBUG))
    return min(given_back + kept, UNKNOWN)


def _degrees(items: Iterable[tuple[object, Any]]) -> tuple[int, int]:
    """Return the degree of what may give back, and of what is done once for each way of that."""
    given_back = kept = 0
    for kind, value in items:
        more, once = 0, 0
        if kind in {c.MAX_REPEAT, c.MIN_REPEAT}:
            more, once = _of_repeat(value[1], list(value[2]))
        elif kind is c.POSSESSIVE_REPEAT:
            once = max(int(value[1] > FEW), sum(_degrees(value[2])))
        elif kind is c.ATOMIC_GROUP:
            once = sum(_degrees(value))
        elif kind in {c.ASSERT, c.ASSERT_NOT}:
            once = sum(_degrees(value[1]))
        elif kind is c.SUBPATTERN:
            more, once = _degrees(value[-1])
        elif kind is c.BRANCH:
            parts = [_degrees(one) for one in value[1]]
            more, once = max(one[0] for one in parts), max(one[1] for one in parts)
        elif kind in {c.GROUPREF, c.GROUPREF_EXISTS}:
            more = UNKNOWN
        given_back, kept = given_back + more, max(kept, once)
    return given_back, kept


def _of_repeat(most: int, part: list[tuple[object, Any]]) -> tuple[int, int]:
    if len(part) == 1 and part[0][0] in _SINGLE:
        return int(most > FEW), 0
    return _degrees(part) if most <= 1 else (UNKNOWN, 0)
