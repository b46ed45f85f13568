"""A text of somebody else's -> its lines, none longer than a pattern may be asked to search."""

from functools import lru_cache

LONGEST = 2000
"""Characters of a line that are looked at; what people write fits into a tenth of it."""
_WORD = 500
"""A cut looks back so far for a space: half a token is not recognised as one, and would be shown.
"""


class Lines(tuple[str, ...]):  # noqa: SLOT001 - a tuple cannot have any
    """The lines of a file, which a thousand findings may point into, without their ends."""

    above: dict[int, int]
    """The line that another one belongs to, by their numbers from 0, as far as it was asked for."""


@lru_cache(maxsize=64)
def lines_of(text: str) -> Lines:
    """Return the lines of `text`; kept for the files that were asked for last."""
    made = Lines(text.splitlines())
    made.above = {}
    return made


@lru_cache(maxsize=64)
def between_feeds(text: str) -> tuple[str, ...]:
    """Return what stands between the line feeds of a file; kept as `lines_of` does."""
    return tuple(text.split("\n"))


def cut(text: str, longest: int = LONGEST) -> str:
    """Return `text` with what stands beyond `longest` characters of each line left out.

    A pattern that takes the square of a line's length takes four million steps at most.
    """
    if len(text) <= longest:
        return text
    return "\n".join(_shortened(line, longest) for line in text.split("\n"))


def _shortened(line: str, longest: int) -> str:
    if len(line) <= longest:
        return line
    space = line.rfind(" ", max(0, longest - _WORD), longest)
    kept = space + 1 if space >= 0 else longest
    return f"{line[:kept]}... ({len(line) - kept} more characters)"
