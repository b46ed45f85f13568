"""Words of a program as a person writes them -> a comparison with a line that always ends.

A template is the line with placeholders for what changes:

    could not translate host name '{host}' to address

`{host}` and its like (`TYPES`) take one word of that kind, `{a|b}` one of several spellings,
`{...}` anything. Upper and lower case, single, double and escaped quotes, and runs of blanks count
as equal. Every repeat is possessive or in an atomic group and what stands between two `{...}` is
looked for once, from left to right: the time is that of the line's length times the template's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from bootready.regex import regex

_NO_NAME = (
    r"(?:(?<=['\"`])|(?!(?:a|an|the|in|on|at|for|to|of|or|and|by|from|with|not|no|is|was|are|as|if|it|"
    r"this|that|address|host|hostname|name|named|lookup|failed|failure|error|unknown|resolve|"
    r"resolving|resolution|dns|could|cannot|can|via|using|after|while|when|because|none|null|"
    r"undefined|specified|option|variable)(?![\w.-])))"
)
"""Words of English that stand where a name may stand; in quotes they are names."""

_ADDRESS = (
    rf"{_NO_NAME}(?<![\w.-])(?>(?:\[[0-9a-f:.%]{{2,60}}+\]|[a-z0-9_](?:[\w.-]{{0,252}}[\w])?+)"
    r"(?:/[\d.]{1,15}+)?(?::\d{1,5})?)"
)

TYPES: Mapping[str, tuple[str, str]] = {
    "host": (rf"{_NO_NAME}(?<![\w.-])(?>[a-z0-9_](?:[\w.-]{{0,252}}[\w])?+)", "a host"),
    "address": (
        _ADDRESS,
        "an address",
    ),
    "path": (r"(?>(?:\.{0,2}+|~|[A-Z]:)[/\\][^\s'\"`,;:()<>|\[\]]{0,400}+)", "a path"),
    "file": (r"(?>[\w.~/\\@-][^\s'\"`,;:()<>|\[\]]{0,400}+)", "a file"),
    "name": (rf"{_NO_NAME}(?<!\w)(?>[\w$@][\w$.@%+-]{{0,127}}+)", "a name"),
    "user": (rf"{_NO_NAME}(?<!\w)(?>[\w$][\w$.@%+-]{{0,127}}+)", "the user"),
    "database": (rf"{_NO_NAME}(?<!\w)(?>[\w$][\w$.+-]{{0,127}}+)", "the database"),
    "variable": (
        r"(?-i:(?<![\w])(?>[A-Z][A-Z0-9]{1,60}+(?:_[A-Z0-9]{1,60}+){0,12}+)(?![\w]))",
        "a variable",
    ),
    "port": (r"(?<!\d)(?>\d{1,5}+)(?!\d)", "a port"),
    "number": (r"(?<!\d)(?>\d{1,20}+)", "a number"),
    "version": (r"(?<!\w)(?>v?\d[\w.+~-]{0,60}+)", "a version"),
    "option": (r"(?>-{0,2}+[\w$@][\w.$@:/-]{0,120}+)", "an option"),
    "module": (r"(?>[\w@./][\w./@:\\-]{0,200}+)", "a module"),
    "value": (r"(?>[^'\"`\n]{1,200}+)", "a value"),
    "word": (r"(?>[^\s'\"`,;()]{1,200}+)", "a word"),
    "rest": (r"(?>[^\s].{0,300}+)", "what it says"),
}
"""Placeholders: the pattern of each, and what stands in a sentence where a line did not say it."""

_TAKEN = dict.fromkeys(("path", "file", "word", "module", "option", "name", "user"), r"[\w./\\@-]")
"""What may not follow a placeholder that goes on as long as such signs do."""
GAPS = 4
PLACEHOLDERS = 8
LONGEST = 300
"""Characters of a template, its placeholders in it and its gaps: more was not written by a person
about one line.
"""
LEAST = 5
"""Fixed signs of a template beside quotes and blanks: fewer would be in healthy lines too."""

_PIECE = regex(r"\{\{|\}\}|\{([^{}]*)\}| +|\\?['\"`]|[^{} '\"`\\]+|\\|[{}]")
_QUOTE = r"(?:\\{0,3}+(?:''|[\"'`\u2018\u2019\u201c\u201d]))"


class Template:
    """One template; `text` as written. Raises ValueError where it is not a valid one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: tuple[str, ...] = ()
        self.literal = ""
        """The longest run of its letters, in lower case: the rarest words of it."""
        self.weight = 0
        """How many of its letters are fixed: of two templates the heavier one knows more."""
        self.parts: list[str] = [""]
        """The source of each pattern that is looked for, one after the other."""
        if not text.strip() or len(text) > LONGEST or "\n" in text:
            raise ValueError(f"must have 1 to {LONGEST} characters on one line")
        self._take(text)
        if self.weight < LEAST:
            raise ValueError(f"needs {LEAST} fixed signs or more, beside quotes and placeholders")
        if len(self.names) > PLACEHOLDERS or len(self.parts) > GAPS + 1:
            raise ValueError(f"may have {PLACEHOLDERS} placeholders and {GAPS} gaps")

    def match(self, line: str, lowered: str) -> Mapping[str, str] | None:
        """Return what stands at the placeholders in `line`, None where the words differ.

        `lowered` is the line as `lowered` makes it, once for all templates.
        """
        if self.literal not in lowered:
            return None
        found: dict[str, str] = {}
        at = 0
        for pattern in self.patterns:
            part = pattern.search(line, at)
            if part is None:
                return None
            at = part.end()
            for name, value in part.groupdict().items():
                found.setdefault(name, _tidy(value))
        return found

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """The parts, compiled when a line has the literal."""
        return tuple(re.compile(part, re.IGNORECASE) for part in self.parts)

    def _take(self, text: str) -> None:
        anchored, text = text.startswith("^"), text.removeprefix("^")
        ended, text = text.endswith("$"), text.removesuffix("$")
        run = ""
        before = ""
        for piece in _PIECE.finditer(text):
            word, inner = piece[0], piece[1]
            if inner is not None:
                run = self._end_of(run)
                before = self._placeholder(inner, before)
                continue
            if before and re.match(
                _TAKEN.get(before, r"\d" if before in {"number", "port"} else r"[\w-]"), word
            ):
                raise ValueError(f"has '{word[:20]}' after {{{before}}}, which takes that as well")
            before = ""
            if word in {"{", "}"}:
                raise ValueError("has a single brace; write {{ or }} for one in the line")
            if word.startswith(" "):
                self.parts[-1] += r"\s++"
                run += " " if run else ""
            elif word.lstrip("\\") in {"'", '"', "`"}:
                self.parts[-1] += _QUOTE
                run = self._end_of(run)
            else:
                plain = {"{{": "{", "}}": "}"}.get(word, word)
                self.parts[-1] += re.escape(plain)
                run += plain
                self.weight += len(plain)
        self._end_of(run)
        if not all(self.parts):
            raise ValueError("may not begin or end with {...}")
        if re.match(r"\w", text):
            self.parts[0] = r"(?<!\w)" + self.parts[0]
        if re.search(r"\w$", text):
            self.parts[-1] += r"(?!\w)"
        if anchored:
            self.parts[0] = r"^\s*+" + self.parts[0]
        if ended:
            self.parts[-1] += r"\s*+$"

    def _end_of(self, run: str) -> str:
        self.literal = max(self.literal, run.strip().lower(), key=len)
        return ""

    def _placeholder(self, inner: str, before: str) -> str:
        """Add what stands in braces, and return its name if it takes all of a word."""
        if inner == "...":
            self.parts.append("")
            return ""
        if "|" in inner:
            self.weight += min(len(word.strip()) for word in inner.split("|"))
            words = sorted(inner.split("|"), key=len, reverse=True)
            self.parts[-1] += f"(?>{'|'.join(map(_spelt, words))})"
            return ""
        if inner not in TYPES:
            raise ValueError(f"has the unknown placeholder {{{inner}}}; one of: {', '.join(TYPES)}")
        if before:
            raise ValueError("needs a word or a sign between two placeholders")
        pattern = TYPES[inner][0]
        if inner in self.names:
            self.parts[-1] += f"(?:{pattern})"
        else:
            self.parts[-1] += f"(?P<{inner}>{pattern})"
        self.names += (inner,)
        return inner


def _tidy(value: str) -> str:
    """Return what stood at a placeholder without the signs that only end it, as JSON's do."""
    return value.partition('","')[0].strip("\"'`").rstrip(".:, ")


def lowered(line: str) -> str:
    """Return a line in lower case and with single blanks, as literals of templates are."""
    return " ".join(line.lower().split())


def _spelt(word: str) -> str:
    made = re.escape(word).replace(r"\ ", r"\s++")
    return re.sub(r"\\?['\"`]", lambda _: _QUOTE, made)
