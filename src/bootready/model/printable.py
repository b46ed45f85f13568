r"""A string that a project chose -> the same string with nothing in it that a screen obeys.

Control characters, marks that turn the direction of writing or take no room, and halves of
surrogate pairs are shown as in a Python string: ``\x1b``, ``\n``, ``\u202e``. So are the words that
continuous integration takes as commands from the log of a build.
"""

from __future__ import annotations

from bootready.regex import regex
from bootready.typed import TYPE_CHECKING

if TYPE_CHECKING:
    import re

_UNSAFE = regex(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_MARKER = regex(r"##(?=\w{0,16}+\[)")
"""How Azure Pipelines, TeamCity and GitHub's older runners know a command, anywhere in a line."""


def printable(text: str) -> str:
    r"""Return `text` for one line of a report; line breaks are shown as ``\n``.

    ``::`` at the beginning is shown as ``\x3a:`` if GitHub would read a command there.
    """
    if not text.isprintable():
        text = _UNSAFE.sub(_escaped, text)
    if "##" in text:
        text = _MARKER.sub(r"#\\x23", text)
    bare = text.lstrip()
    if bare.startswith("::") and "::" in bare[2:]:
        text = text.replace("::", r"\x3a:", 1)
    return text


def printable_lines(text: str) -> str:
    """Return `text` with each of its lines printable; the line feeds between them stay."""
    if text.isprintable():
        return printable(text)
    return "\n".join(map(printable, text.split("\n")))


def safe_json(
    value: object, *, indent: int | None = 2, readable: bool = False, sort: bool = False
) -> str:
    """Return `value` as JSON with nothing in it that a screen or a log obeys.

    `readable` keeps letters of every script as they are.
    """
    import json

    return printable_json(
        json.dumps(value, indent=indent, ensure_ascii=not readable, sort_keys=sort)
    )


def printable_json(text: str) -> str:
    r"""Return JSON with everything unsafe in its strings as ``\u`` escapes: the same values."""
    if "##" in text:
        text = _MARKER.sub(r"#\\u0023", text)
    if text.isascii():
        return text.replace("\x7f", r"\u007f")
    return _UNSAFE.sub(lambda found: found[0] if found[0] == "\n" else _utf16(found[0]), text)


def _escaped(found: re.Match[str]) -> str:
    # A lone surrogate has no UTF-8, but a name in Python's own notation all the same.
    return found[0].encode("unicode_escape").decode()


def _utf16(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
