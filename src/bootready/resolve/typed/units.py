"""Text -> durations, sizes, numbers and booleans, read and written exactly as Compose does.

Compose is a Go program: what ``strconv``, ``time.ParseDuration`` and ``go-units`` accept is what
a Compose file may say. Every reader raises ValueError with the reason in our words.
"""

from __future__ import annotations

from bootready.read.scalars import bounded_integer
from bootready.remembered import remembered

_SECOND = 1_000_000_000
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": _SECOND,
    "m": 60 * _SECOND,
    "h": 3600 * _SECOND,
    "d": 24 * 3600 * _SECOND,
    "w": 7 * 24 * 3600 * _SECOND,
}
_SIZES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}
_DIGITS = frozenset("0123456789")
_INT64 = 1 << 63


@remembered(512)
def read_duration(text: str) -> int:
    """Return nanoseconds. Days and weeks are known, unlike in Go itself (go-str2duration)."""
    rest = text[1:] if text[:1] in {"-", "+"} else text
    if rest == "0":
        return 0
    if not rest:
        raise ValueError("must be a number and a unit, such as 30s")
    total = 0
    while rest:
        part, rest = _duration_part(rest)
        total += part
        if total > _INT64:
            raise ValueError("the duration is too long")
    if text[0] == "-":
        return -total
    if total >= _INT64:
        raise ValueError("the duration is too long")
    return total


def _duration_part(text: str) -> tuple[int, str]:
    """Read one number and its unit; return nanoseconds and what is left."""
    whole, rest = _digits(text)
    fraction = ""
    if rest[:1] == ".":
        fraction, rest = _digits(rest[1:])
    if not whole and not fraction:
        raise ValueError("must be a number and a unit, such as 30s")
    end = 0
    while end < len(rest) and rest[end] != "." and rest[end] not in _DIGITS:
        end += 1
    unit, rest = rest[:end], rest[end:]
    if not unit:
        raise ValueError("must have a unit, such as s for seconds")
    if unit not in _UNITS:
        raise ValueError(f"unknown unit of time '{unit}'")
    size = _UNITS[unit]
    amount = bounded_integer(whole or "0")
    if amount > _INT64 // size:
        raise ValueError("the duration is too long")
    nanoseconds = amount * size
    if fraction:
        number, scale = _fraction(fraction)
        nanoseconds += int(float(number) * (size / scale))
    return nanoseconds, rest


def _fraction(digits: str) -> tuple[int, float]:
    """Return the digits as Go keeps them: those that no longer fit into 63 bits are dropped."""
    number, scale = 0, 1.0
    for digit in digits:
        following = number * 10 + int(digit)
        if number > (_INT64 - 1) // 10 or following > _INT64:
            break
        number, scale = following, scale * 10
    return number, scale


def _digits(text: str) -> tuple[str, str]:
    end = 0
    while end < len(text) and text[end] in _DIGITS:
        end += 1
    return text[:end], text[end:]


def show_duration(nanoseconds: int) -> str:
    """Return the text that Go prints: ``1m30s``, ``1.5s``, ``100ms``, ``0s``."""
    if nanoseconds == 0:
        return "0s"
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if rest < _SECOND:
        for unit, size in (("ns", 1), ("\u00b5s", 1_000), ("ms", 1_000_000)):
            if rest < size * 1_000:
                return f"{sign}{_decimal(rest, size)}{unit}"
    minutes, rest = divmod(rest, 60 * _SECOND)
    text = f"{_decimal(rest, _SECOND)}s"
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{sign}{hours}h{minutes}m{text}"
    return f"{sign}{minutes}m{text}" if minutes else sign + text


def _decimal(amount: int, size: int) -> str:
    whole, rest = divmod(amount, size)
    if not rest:
        return str(whole)
    return f"{whole}." + str(rest).zfill(len(str(size)) - 1).rstrip("0")


def read_bytes(text: str) -> int:
    """Return bytes; a bare integer may be negative, ``1.5g`` and ``1 KiB`` are fine."""
    try:
        return read_integer(text)
    except ValueError:
        pass
    cut = max(text.rfind(mark) for mark in "0123456789. ")
    if cut < 0:
        raise ValueError("must be a number with a unit, such as 512m")
    number = text[:cut] if text[cut] == " " else text[: cut + 1]
    suffix = text[cut + 1 :].lower()
    size = read_float(number)
    if size < 0:
        raise ValueError("must not be negative")
    if suffix in {"", "b"}:
        return _whole(size)
    if suffix[0] not in _SIZES or suffix[1:] not in {"", "b", "ib"}:
        raise ValueError(f"unknown unit of size '{suffix}' (available: b, k, m, g, t, p)")
    return _whole(size * _SIZES[suffix[0]])


def _whole(size: float) -> int:
    # What does not fit into 64 bits becomes the smallest integer, as the processor does it.
    return int(size) if size < _INT64 else -_INT64


def read_integer(text: str) -> int:
    """Return a decimal integer of 64 bits: a sign and digits, nothing else."""
    digits = text[1:] if text[:1] in {"-", "+"} else text
    if not digits or not _DIGITS.issuperset(digits):
        raise ValueError("must be an integer")
    value = bounded_integer(text)
    if not -_INT64 <= value < _INT64:
        raise ValueError("the integer is too large")
    return value


def read_float(text: str) -> float:
    """Return a number as Go's ParseFloat reads it (``1e3``, ``.5``, ``0x1p-2``, ``inf``)."""
    if "_" in text or text != text.strip() or not text.isascii():
        raise ValueError("must be a number")
    try:
        value = float.fromhex(text) if _is_hexadecimal(text) else float(text)
    except (ValueError, OverflowError):
        raise ValueError("must be a number") from None
    if value in (float("inf"), float("-inf")) and "inf" not in text.lower():
        raise ValueError("the number is too large")
    return value


def _is_hexadecimal(text: str) -> bool:
    # Go wants the exponent of a hexadecimal number, Python does not.
    digits = text.lstrip("+-").lower()
    if digits.startswith("0x") and "p" not in digits:
        raise ValueError("must be a number")
    return digits.startswith("0x")


def read_boolean(text: str) -> bool:
    """Return the boolean of a word: true, yes, y, on and their opposites in any case."""
    word = text.lower()
    if word in {"true", "y", "yes", "on"}:
        return True
    if word in {"false", "n", "no", "off"}:
        return False
    raise ValueError("must be true or false")
