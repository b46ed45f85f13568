"""A finding -> the words that say which one it is, without the lines and numbers that move."""

from __future__ import annotations

from bootready.model.finding import Finding
from bootready.model.position import render_path
from bootready.regex import regex

_LINES = regex(r"\b(?:lines? \d{1,9}+|[\w./-]{1,200}+:\d{1,9}+(?::\d{1,9}+)?)")
"""What a message says of places in files."""
_ABOVE = regex(r"(?<![\w.~])/(?:[^\s'\"/]{1,255}/)+")
"""Where an absolute path leads before its last name: it differs from machine to machine."""


def identity(finding: Finding, root: str) -> str:
    """Return what two runs have in common that find the same thing.

    That is the check, the file (as seen from `root`), the place in the model and the subject. The
    message counts only where the place is none of the model, or one of a list, whose numbers move.
    """
    place = finding.primary
    file = place.span.file.removeprefix(f"{root}/") if place else ""
    path = place.path if place else ()
    is_firm = bool(path) and not any(isinstance(step, int) for step in path)
    words = "" if is_firm else _ABOVE.sub("", _LINES.sub("", finding.message))
    where = render_path(tuple("*" if isinstance(step, int) else step for step in path))
    return "\0".join((finding.check_id, file, where, finding.kind, *finding.about, words))
