"""JSON -> plain values, by the scanner on which `json` stands.

`json` imports `re` and compiles expressions for what that scanner, which is written in C, does by
itself; together they take as long as checking five services. Where it is absent or does not like
the text, `json` reads it, and says what is wrong with it.
https://github.com/python/cpython/blob/3.11/Lib/json/decoder.py (class JSONDecoder)
"""

from __future__ import annotations

from bootready.model.node import Plain
from bootready.typed import TYPE_CHECKING, Callable, cast

if TYPE_CHECKING:
    _Scan = Callable[[str, int], tuple[Plain, int]]

_BLANKS = " \t\n\r"


class _Settings:
    """What the scanner asks for: the settings of `json.loads`."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int

    @staticmethod
    def parse_constant(name: str) -> float:
        """Return what Python writes as `name`: NaN, Infinity or -Infinity."""
        return float(name)


def loads(raw: bytes | str) -> Plain:
    """Return the value that the JSON text `raw` stands for; bytes are UTF-8, or UTF-16 and UTF-32.

    Raises ValueError for what is no JSON, RecursionError for what is too deep.
    """
    try:
        import _json

        # What types are known of it takes a whole decoder for its settings.
        make = cast("Callable[[_Settings], _Scan]", _json.make_scanner)
        text = raw if isinstance(raw, str) else raw.decode()
        text = text.strip(_BLANKS)
        value, end = make(_Settings())(text, 0)
        if end == len(text):
            return value
    except (ImportError, StopIteration, ValueError):
        pass  # `json` says it better
    import json

    return cast(Plain, json.loads(raw))
