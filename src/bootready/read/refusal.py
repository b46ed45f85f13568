"""An error of PyYAML's parser and the text it read -> a Problem with the place it is about."""

from __future__ import annotations

import re

import yaml

from bootready.model.position import Location, Span
from bootready.model.problem import Problem

_FORBIDDEN = "[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
"""Compiled only where it is needed: that takes longer than reading a small file."""
_COLON_HINT = "put quotes around a value with ': ' in it; or correct the indentation of that line"
_TOO_DEEP = "exceeded maximum nesting depth"
"""Said by libyaml 0.2.6 and later, which reads up to 1,024 brackets ahead of its first event."""


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """Return libyaml's own words, with the line and column that they are about."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return _character_problem(text, file)
    place = Span(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
    words = [getattr(error, "problem", None) or "", getattr(error, "context", None) or ""]
    if words[0] == _TOO_DEEP:
        return Problem("yaml-limit", "nested deeper than libyaml allows", Location(place), True)
    message = ", ".join(word for word in words if word)
    line = (*text.splitlines()[mark.line : mark.line + 1], "")[0]
    if line[: mark.column + 1].endswith("\t") or line.lstrip(" ").startswith("\t"):
        message = f"YAML must be indented with spaces, not tabs ({message})"
    hint = _COLON_HINT if words[0].startswith("mapping values are not allowed") else ""
    return Problem("yaml-syntax", f"not valid YAML: {message}", Location(place), True, hint=hint)


def _character_problem(text: str, file: str) -> Problem:
    """Name the first character that YAML does not allow."""
    found = re.search(_FORBIDDEN, text)
    if found is None:
        message, line, column = "not valid YAML: unreadable characters", 1, 1
    else:
        message = f"not valid YAML: control character U+{ord(found[0]):04X}"
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
    return Problem(
        "yaml-syntax", message, Location(Span(file, line, column, line, column + 1)), True
    )
