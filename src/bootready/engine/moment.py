"""A time as the engine writes it -> seconds since 1970, without the modules for calendars.

`calendar`, `datetime` and `time.strptime` take as long to import as ten services take to check.
"""

from __future__ import annotations

import re

from bootready.regex import regex

_MOMENT = regex(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)
_DAYS_BEFORE = 719_468
"""From the first of March of the year 0 to 1970."""


def parse_time(written: str) -> float:
    """Return an RFC 3339 time as epoch seconds; 0.0 for the engine's year 1 and for nonsense."""
    match = _MOMENT.match(written)
    if match is None or written.startswith("0001"):
        return 0.0
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    seconds = _days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    if match[8]:
        offset = int(match[9]) * 3600 + int(match[10]) * 60
        seconds += offset if match[8] == "-" else -offset
    return seconds + float(match[7] or 0)


def _days(year: int, month: int, day: int) -> int:
    """Return the days since 1970. A year that begins in March has its odd day at its end.

    https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    """
    years = year - (month < 3)
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return years * 365 + years // 4 - years // 100 + years // 400 + in_year - _DAYS_BEFORE
