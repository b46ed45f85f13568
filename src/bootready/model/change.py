"""What a fix makes of one file."""

from __future__ import annotations

from bootready.typed import NamedTuple


class Change(NamedTuple):
    """One tracked file before and after a fix; modes are octal bits, equal where they stay."""

    path: str
    before: str
    after: str
    old_mode: int = 0
    new_mode: int = 0
