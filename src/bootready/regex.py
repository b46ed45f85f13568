"""A regular expression that is compiled when it is first used.

A check imports every module that might have something to say; most of their expressions are never
asked, and compiling one costs 0.1 to 3 ms.
"""

from __future__ import annotations

import re

from bootready.typed import cast


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return the expression `text`, which is compiled when one of its methods is first used.

    For `pattern.search(…)` and its kin; the functions of `re` take no such stand-in.
    """
    return cast("re.Pattern[str]", LazyPattern(text, flags))


class LazyPattern:
    """Stands for `re.Pattern` from its making to its first use, and then hands on its methods."""

    def __init__(self, text: str, flags: int) -> None:
        self._of = (text, flags)

    def __getattr__(self, name: str) -> object:
        """Compile, and keep the method, so that this is asked once for each."""
        method: object = getattr(re.compile(*self._of), name)
        setattr(self, name, method)
        return method
