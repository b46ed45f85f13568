"""Files of scripts, styles and markup that lie beside our modules -> their text."""

from __future__ import annotations

from functools import cache
from pkgutil import get_data  # reads out of an archive, too

from bootready.regex import regex

_INDENTED = regex(r"(?m)^[ \t]+")


@cache
def part(package: str, name: str) -> str:
    """Return the text of the file `name` of a package of ours, its lines without indentation.

    Raises FileNotFoundError.
    """
    data = get_data(package, name)
    if data is None:
        raise FileNotFoundError(f"{package}: {name}")
    return _INDENTED.sub("", data.decode())
