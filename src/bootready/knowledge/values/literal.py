"""A place in a Compose file -> the value that is written there, without resolving the project.

An action names a secret by its place, so that the secret is in no field of it.
"""

from __future__ import annotations

import re

from bootready.model.lines import lines_of
from bootready.model.position import Span
from bootready.regex import regex

_DEFAULT = regex(r"\$\{(?P<name>\w+):?-(?P<value>[^{}$]*)\}")


def literal_at(text: str, span: Span, name: str) -> str:
    """Return the value of `name` that stands at `span` of `text`, '' where it cannot be told.

    It is a scalar on one line, an item ``name=value``, or the default of a reference to `name`.
    Double quotes with a backslash in them, and references, are not read.
    """
    lines = lines_of(text)
    if span.line != span.end_line or not 0 < span.line <= len(lines):
        return ""
    raw = lines[span.line - 1][span.column - 1 : span.end_column - 1]
    found = _DEFAULT.fullmatch(raw)
    if found is not None:
        return found["value"] if found["name"] == name else ""
    quote = raw[:1] if raw[:1] in {"'", '"'} else ""
    if quote and (len(raw) < 2 or raw[-1] != quote):
        return ""
    inner = raw[1:-1] if quote else raw
    if quote == '"' and "\\" in inner:
        return ""
    value = inner.replace("''", "'") if quote == "'" else inner
    value = value.removeprefix(f"{name}=")
    if re.sub(r"\$\$", "", value).count("$"):
        return ""
    return value.replace("$$", "$")
