"""The text of a YAML scalar -> the value that Compose v5.6.1 makes of it, which is not PyYAML's.

The rules are those of go.yaml.in/yaml v4 (resolver.go), the library that Compose reads YAML with:
booleans are only true and false, ``012`` is octal, a date is a timestamp, ``_`` may stand in
numbers.
"""

from __future__ import annotations

from bootready.regex import regex
from bootready.typed import Self

Value = str | int | float | bool | None

TAG_PREFIX = "tag:yaml.org,2002:"
_WORDS: dict[str, Value] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    ".nan": float("nan"),
    ".NaN": float("nan"),
    ".NAN": float("nan"),
    ".inf": float("inf"),
    ".Inf": float("inf"),
    ".INF": float("inf"),
    "+.inf": float("inf"),
    "+.Inf": float("inf"),
    "+.INF": float("inf"),
    "-.inf": float("-inf"),
    "-.Inf": float("-inf"),
    "-.INF": float("-inf"),
    "-0": -0.0,
    "-0.0": -0.0,
}
NUMBER_STARTS = frozenset("+-.0123456789")
"""A plain scalar that starts otherwise and is no word of the table is a string."""
_NUMBER_ENDS = frozenset(".0123456789abcdefABCDEF")
_DIGITS = frozenset(".0123456789")
"""What a number begins with, after its sign."""
_INTEGER = regex(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)\Z")
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_DOT_FLOAT = regex(r"\.[0-9](?:_?[0-9])*+(?:[eE][-+]?[0-9](?:_?[0-9])*+)?\Z")
_TIMESTAMP = regex(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?P<t>[Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?"
    r"(Z|[-+][0-9]{2}:[0-9]{2})?)?\Z"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_KINDS = {"int": int, "bool": bool, "null": type(None), "str": str}


class Timestamp(str):
    """A date that YAML made of a plain scalar: the JSON form is the string itself.

    `go_text` is what Compose writes where it turns a value into a string (environment, labels).
    """

    __slots__ = ("go_text",)
    go_text: str

    def __new__(cls, safe_json: str, go_text: str) -> Self:
        """Return the string `safe_json` that remembers `go_text`."""
        made = super().__new__(cls, safe_json)
        made.go_text = go_text
        return made


class TagError(ValueError):
    """A scalar cannot be what its explicit tag says."""


def plain_value(text: str) -> Value:
    """Return the value of an unquoted scalar without a tag.

    ``<<`` is the string here; the composer knows it as the merge key.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in NUMBER_STARTS:
        return text
    if len(text) < 19 and text.isascii() and text.isdecimal() and (text[0] != "0" or text == "0"):
        return int(text)
    return _number(text)


def tagged_value(tag: str, text: str) -> Value:
    """Return the value of a scalar with an explicit tag; `tag` as PyYAML gives it.

    Raises TagError where Compose refuses: ``!!int 1.0``, ``!!bool yes``, ``!!null x``.
    """
    name = tag.removeprefix(TAG_PREFIX) if tag.startswith(TAG_PREFIX) else ""
    if name == "binary":
        return _binary(text)
    if name not in {"int", "float", "bool", "null", "timestamp"}:
        return text
    value = _timestamp(text) if name == "timestamp" else _untimed(text)
    if _kind(value) == name:
        return value
    if name == "float" and type(value) is int:
        return float(value)
    raise TagError(f"this {_kind(value)} cannot be tagged `!!{name}`")


def shortened(text: str) -> str:
    """Return `text`, cut for a message."""
    return text if len(text) <= 40 else f"{text[:37]}..."


def _number(text: str) -> Value:
    if text[0] == ".":
        return _finite(text) if text[1:2].isdecimal() and _DOT_FLOAT.match(text) else text
    if text[4:5] == "-" and (made := _timestamp(text)) is not None:
        return made
    return _untimed(text)


def _untimed(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in NUMBER_STARTS:
        return text
    if text[0] == ".":
        return _finite(text) if text[1:2].isdecimal() and _DOT_FLOAT.match(text) else text
    bare = text.replace("_", "") if "_" in text else text
    if bare[-1:] not in _NUMBER_ENDS or bare[bare[0] in "+-" :][:1] not in _DIGITS:
        return text
    if _INTEGER.match(bare):
        number = _integer(bare)
        # Signed 64 bits, or unsigned ones without a sign; beyond that only a decimal is a float.
        if -(2**63) <= number < 2**63 or (number < 2**64 and bare[0] not in "+-"):
            return number
    if _FLOAT.match(bare):
        value = _finite(bare)
        return text if isinstance(value, str) else value
    return text


def _integer(bare: str) -> int:
    digits = bare.lstrip("+-")
    if digits[0] == "0" and digits[1:].isdecimal():
        return int(bare, 8)
    return bounded_integer(bare, 0)


def bounded_integer(text: str, base: int = 10) -> int:
    """Return the number that the digits of `text` are, or one that is beyond every type's limit
    where they are more than Python converts.
    """
    try:
        return int(text, base)
    except ValueError:
        return -(2**200) if text.startswith("-") else 2**200


def _finite(text: str) -> Value:
    """Return the float, or the text itself where it is too large for one, as Go's ParseFloat."""
    value = float(text)
    return text if value in {float("inf"), float("-inf")} else value


def _timestamp(text: str) -> Timestamp | None:
    found = _TIMESTAMP.match(text)
    if found is None:
        return None
    year, month, day, separator, hour, minute, second, fraction, zone = found.groups()
    if not _is_date(int(year), int(month), int(day)):
        return None
    if separator is not None and not (
        # With a T a zone is needed, with a space none is allowed.
        (zone is None) == (separator == " ")
        and int(hour) < 24
        and int(minute) < 60
        and int(second) < 60
    ):
        return None
    if zone not in {None, "Z"} and (int(zone[1:3]) > 24 or int(zone[4:]) > 60):
        return None
    digits = (fraction or "")[:9].rstrip("0")
    day_text = f"{year}-{int(month):02}-{int(day):02}"
    time_text = f"{int(hour or 0):02}:{int(minute or 0):02}:{int(second or 0):02}"
    if digits:
        time_text += f".{digits}"
    offset = (zone or "Z").replace(":", "")
    words = "+0000 UTC" if offset in {"Z", "+0000", "-0000"} else f"{offset} {offset}"
    json_zone = "Z" if words.endswith("UTC") else zone
    return Timestamp(f"{day_text}T{time_text}{json_zone}", f"{day_text} {time_text} {words}")


def _is_date(year: int, month: int, day: int) -> bool:
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (month, day) != (2, 29)


def _binary(text: str) -> str:
    from binascii import Error, a2b_base64

    try:
        return a2b_base64("".join(text.split()), strict_mode=True).decode("utf-8", "replace")
    except Error as error:
        raise TagError("`!!binary` value is not valid base64") from error


def _kind(value: Value) -> str:
    if isinstance(value, Timestamp):
        return "timestamp"
    return next((name for name, kind in _KINDS.items() if type(value) is kind), "float")
