"""A regular expression that is compiled when it is first used.

A check imports every module that might have something to say; most of their expressions are never
asked, and compiling one costs 0.1 to 3 ms.
"""

from __future__ import annotations

from bootready.typed import TYPE_CHECKING, Iterable, Iterator, cast

if TYPE_CHECKING:
    import re


def regex(text: str, flags: int = 0, *, needs: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Return the expression `text`, which is compiled when one of its methods is first used.

    For `pattern.search(…)` and its kin; the functions of `re` take no such stand-in. `needs` are
    words in lower case of which one stands in whatever matches, in upper or lower case: a text
    without any is not worth compiling for. A test makes matching texts and looks for the words.
    """
    return cast(
        "re.Pattern[str]", GuardedPattern(text, flags, needs) if needs else LazyPattern(text, flags)
    )


def holds_one(text: str, words: Iterable[str]) -> bool:
    """Tell whether one of `words` stands in `text`; for what is asked of every line.

    Half the price of `any`, which makes a generator and goes in and out of it for each word.
    """
    for word in words:  # noqa: SIM110 - as above
        if word in text:
            return True
    return False


class LazyPattern:
    """Stands for `re.Pattern` from its making to its first use, and then hands on its methods."""

    def __init__(self, text: str, flags: int) -> None:
        self._of = (text, flags)

    def __getattr__(self, name: str) -> object:
        """Compile, and keep the method, so that this is asked once for each."""
        import re

        method: object = getattr(re.compile(*self._of), name)
        setattr(self, name, method)
        return method


class GuardedPattern(LazyPattern):
    """One that looks for its words before it is compiled."""

    def __init__(self, text: str, flags: int, needs: tuple[str, ...]) -> None:
        super().__init__(text, flags)
        self.needs = needs
        self._lazy = cast("re.Pattern[str]", LazyPattern(text, flags))

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match."""
        return self._lazy.search(text) if self._may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match that is all of `text`."""
        return self._lazy.fullmatch(text) if self._may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield every match."""
        return self._lazy.finditer(text) if self._may_match(text) else iter(())

    def findall(self, text: str) -> list[str]:
        """Return what every match has, of an expression with one group at most."""
        return self._lazy.findall(text) if self._may_match(text) else []

    def _may_match(self, text: str) -> bool:
        # A few letters of other scripts are taken for ours where the case does not matter.
        return not text.isascii() or holds_one(text.lower(), self.needs)
