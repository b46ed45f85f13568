"""A document with markers and the sections of a runbook -> the document, what it marks renewed.

``<!-- bootready runbook: secrets -->`` begins a place (``secrets ko`` for Korean), and
``<!-- /bootready runbook -->`` ends it. What stands between belongs to bootready, the rest to
people. Line ends stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bootready.errors import UsageError
from bootready.regex import regex

_BEGIN = regex(r"^[ \t]*<!-- bootready runbook: *([\w, -]*?) *-->[ \t]*$")
_FENCE = regex(r"^ {0,3}(?:```|~~~)")
_END = regex(r"^[ \t]*<!-- /bootready runbook -->[ \t]*$")


def renewed(
    text: str, file: str, sections: Callable[[str], Mapping[str, str]]
) -> tuple[str, tuple[str, ...]]:
    """Return `text` with every marked place renewed, and the names of those that were stale.

    `sections` returns the sections of a language. Raises UsageError for a document without markers,
    an unknown section, and a place without an end; `file` is named in it.
    """
    if "\r\n" in text:
        unix, stale_names = renewed(text.replace("\r\n", "\n"), file, sections)
        return unix.replace("\n", "\r\n"), stale_names
    lines: list[str] = []
    stale: list[str] = []
    old: list[str] | None = None
    new = name = ""
    begun = marked = 0
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        # A marker inside a fence is an example of one.
        if old is None and _FENCE.match(line):
            fenced = not fenced
        begin = None if fenced else _BEGIN.match(line)
        if begin and old is None:
            new, name = _wanted(begin[1], f"{file}:{number}", sections)
            old, begun, marked = [], number, marked + 1
            lines.append(line)
        elif begin:
            raise UsageError(f"{file}:{number}: a marker inside the one of line {begun}")
        elif _END.match(line) and old is not None:
            if "\n".join(old).strip("\n") != new:
                stale.append(name)
            lines += ["", *new.split("\n"), "", line]
            old = None
        elif old is not None:
            old.append(line)
        else:
            lines.append(line)
    if old is not None:
        raise UsageError(f"{file}:{begun}: no '<!-- /bootready runbook -->' ends this marker")
    if not marked:
        raise UsageError(
            f"{file}: no marker in it",
            "<!-- bootready runbook: secrets --> and <!-- /bootready runbook -->, each on a line",
        )
    return "\n".join(lines), tuple(stale)


def _wanted(
    words: str, place: str, sections: Callable[[str], Mapping[str, str]]
) -> tuple[str, str]:
    name, _, language = words.partition(" ")
    found = sections(language.strip() or "en")
    if name not in found:
        raise UsageError(f"{place}: unknown section '{name}'", f"one of: {', '.join(found)}")
    return found[name], name
