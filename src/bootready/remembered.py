"""What a function of one text returned, remembered for the next time it is asked.

`functools.lru_cache` does it too; what `functools` imports is a tenth of a short command (ADR 117).
"""

from __future__ import annotations

from bootready.typed import Callable, TypeVar

Made = TypeVar("Made")


def remembered(most: int) -> Callable[[Callable[[str], Made]], Callable[[str], Made]]:
    """Return a decorator for a function whose last `most` or fewer answers are kept.

    All are forgotten at once where they are more: who is asked so much rarely asks the same again.
    """

    def decorated(function: Callable[[str], Made]) -> Callable[[str], Made]:
        known: dict[str, Made] = {}

        def asked(text: str) -> Made:
            if text in known:
                return known[text]
            made = function(text)
            if len(known) >= most:
                known.clear()
            known[text] = made
            return made

        asked.__doc__, asked.__name__ = function.__doc__, function.__name__
        return asked

    return decorated
