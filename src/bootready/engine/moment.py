"""A time as the engine writes it -> seconds since 1970, without the modules for calendars.

`calendar`, `datetime` and `time.strptime` take as long to import as ten services take to check,
and `re` a quarter of that.
"""

from __future__ import annotations

_DAYS_BEFORE = 719_468
"""From the first of March of the year 0 to 1970."""


def parse_time(written: str) -> float:
    """Return an RFC 3339 time as epoch seconds; 0.0 for the engine's year 1 and for nonsense."""
    date, _, rest = written.partition("T")
    clock, offset = (rest[:-1], 0) if rest.endswith("Z") else (rest[:-6], _offset(rest[-6:]))
    whole, dot, digits = clock.partition(".")
    numbers = (*_numbers(date, "-", 4, 2, 2), *_numbers(whole, ":", 2, 2, 2))
    if len(numbers) != 6 or offset is None or numbers[0] == 1 or (dot and not _is_number(digits)):
        return 0.0
    year, month, day, hour, minute, second = numbers
    seconds = _days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    return seconds - offset + float(f"0.{digits}" if dot else 0)


def _offset(text: str) -> int | None:
    """Return the seconds of an offset from UTC such as ``+02:00``, None for what is none."""
    numbers = _numbers(text[1:], ":", 2, 2)
    if not numbers or text[0] not in "+-":
        return None
    seconds = numbers[0] * 3600 + numbers[1] * 60
    return -seconds if text[0] == "-" else seconds


def _numbers(text: str, separator: str, *digits: int) -> tuple[int, ...]:
    """Return the numbers in `text`, each of so many digits, () where it is something else."""
    parts = text.split(separator)
    if [len(part) for part in parts] != [*digits] or not all(map(_is_number, parts)):
        return ()
    return tuple(map(int, parts))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _days(year: int, month: int, day: int) -> int:
    """Return the days since 1970. A year that begins in March has its odd day at its end.

    https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    """
    years = year - (month < 3)
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return years * 365 + years // 4 - years // 100 + years // 400 + in_year - _DAYS_BEFORE
