"""The text of an env file -> its variables with their lines, in Compose's dialect.

The dialect is compose-go's (dotenv/parser.go): ``export``, ``=`` or ``:``, quotes that may span
lines, ``#`` comments, escapes in double quotes, and variables in all values but single-quoted ones.
"""

from __future__ import annotations

import re

from bootready.errors import ProjectError
from bootready.model.node import Reference
from bootready.model.position import Location, Span
from bootready.model.problem import Problem, Variable
from bootready.read.template import Lookup, fill

_BLANK = "\t\v\f\r \x85\xa0"
"""White space inside a line."""
_SPACE = (
    _BLANK + "\n\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
)
_EXPORT = r"export[\t\n\f\r ]+"
_ESCAPE = r"\\(?:[abcfnrtv$\"\\]|0[0-9]{0,3})"
_ESCAPED = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "$": "$$",
    '"': '"',
    "\\": "\\",
}
_OCTAL = r"\\0([0-3][0-7]{2})\Z"


class DotenvError(ProjectError):
    """An env file that Compose refuses."""


def read_dotenv(
    text: str,
    file: str,
    lookup: Lookup,
    earlier: dict[str, Variable] | None = None,
    references: list[Reference] | None = None,
) -> dict[str, Variable]:
    """Return `earlier` with the variables of `text` added to it, which win.

    `file` is the absolute path that the places name. Variables in values are looked up with
    `lookup` first, then among those already read; `references` collects their uses.
    Raises DotenvError at the first line that Compose refuses.
    """
    reader = _Reader(text.removeprefix("\ufeff"), file, lookup)
    reader.variables = {} if earlier is None else earlier
    reader.references = [] if references is None else references
    reader.read()
    return reader.variables


class _Reader:
    """Reads one file from its start to its end."""

    def __init__(self, text: str, file: str, lookup: Lookup) -> None:
        self.text = text
        self.file = file
        self.outer = lookup
        self.position = 0
        self.counted = 0, 1
        """A position, and the number of its line."""
        self.variables: dict[str, Variable] = {}
        self.references: list[Reference] = []

    def read(self) -> None:
        while self.at_statement():
            start = self.position
            name, inherited = self.name()
            if " " in name:
                self.fail(start, "a variable's name cannot contain a space")
            if not inherited:
                self.set(name, self.value(), start)
            elif (value := self.outer(name)) is not None:
                # A name alone takes the value that is there already.
                self.set(name, value, start)

    def set(self, name: str, value: str, start: int) -> None:
        if name:
            self.variables[name] = Variable(name, value, self.file, self.line_of(start))

    def at_statement(self) -> bool:
        """Move to the next statement; False at the end of the text."""
        text, size = self.text, len(self.text)
        while True:
            while self.position < size and text[self.position] in _SPACE:
                self.position += 1
            if self.position >= size:
                return False
            if text[self.position] != "#":
                return True
            end = text.find("\n", self.position)
            self.position = size if end < 0 else end

    def name(self) -> tuple[str, bool]:
        """Return the name before ``=`` or ``:``, and whether there was neither but a line's end."""
        if self.text.startswith("export", self.position) and re.compile(_EXPORT).match(
            self.text, self.position
        ):
            self.position += len("export")
            self.skip_blanks()
        start = self.position
        for index in range(start, len(self.text)):
            character = self.text[index]
            if character in "=:\n":
                self.position = index + 1
                self.skip_blanks()
                return self.text[start:index].rstrip(_SPACE), character == "\n"
            if character in _BLANK or character in "_.-[]":
                continue
            if not (character.isalpha() or character.isnumeric()):
                self.fail(index, f"character '{character}' cannot stand in a variable's name")
        # compose-go takes a last line without a line's end for the value of a nameless variable.
        return "", False

    def value(self) -> str:
        quote = self.text[self.position : self.position + 1]
        if quote in {"'", '"'}:
            return self.quoted(quote)
        start = self.position
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        self.position = min(end + 1, len(self.text))
        value = self.text[start:end].split(" #", 1)[0].rstrip(_SPACE)
        return self.filled(value, start)

    def quoted(self, quote: str) -> str:
        start = self.position + 1
        parts: list[str] = []
        escaped = False
        for index in range(start, len(self.text)):
            character = self.text[index]
            if character == quote and not escaped:
                self.position = index + 1
                value = "".join(parts)
                if quote == "'":
                    return value
                return self.filled(re.sub(_ESCAPE, _unescaped, value), start)
            if character == "\\" and not escaped:
                escaped = True
                continue
            if escaped and character != quote:
                parts.append("\\")
            escaped = False
            parts.append(character)
        self.fail(start - 1, "this quote is never closed")
        raise AssertionError  # `fail` has raised

    def filled(self, value: str, start: int) -> str:
        if "$" not in value:
            return value
        result = fill(value, self.lookup)
        for use in result.uses:
            span = self.span(start + use.start, start + use.end)
            self.references.append(
                Reference(use.name, span, use.operator, use.argument, use.is_set, use.is_used)
            )
        if result.faults:
            raise DotenvError(
                [
                    Problem(
                        fault.kind,
                        fault.unquoted or fault.message,
                        Location(self.span(start + fault.start, start + fault.end)),
                        True,
                        fault.subject,
                    )
                    for fault in result.faults
                ]
            )
        return result.text

    def lookup(self, name: str) -> str | None:
        value = self.outer(name)
        if value is None and name in self.variables:
            return self.variables[name].value
        return value

    def skip_blanks(self) -> None:
        while self.position < len(self.text) and self.text[self.position] in _BLANK:
            self.position += 1

    def line_of(self, position: int) -> int:
        """Return the number of the line at `position`, counted on from the last one asked for."""
        known, line = self.counted
        if position < known:
            known, line = 0, 1
        line += self.text.count("\n", known, position)
        self.counted = position, line
        return line

    def span(self, start: int, end: int) -> Span:
        """Return the place of a stretch of the text; exact where no escape stands before it."""
        start, end = min(start, len(self.text)), min(end, len(self.text))
        column = start - self.text.rfind("\n", 0, start)
        end_column = end - self.text.rfind("\n", 0, end)
        return Span(self.file, self.line_of(start), column, self.line_of(end), end_column)

    def fail(self, position: int, message: str) -> None:
        location = Location(self.span(position, position + 1))
        raise DotenvError([Problem("env-file-syntax", message, location, True)])


def _unescaped(found: re.Match[str]) -> str:
    text = found[0]
    if text[1] == "0":
        octal = re.match(_OCTAL, text)
        return chr(int(octal[1], 8)) if octal else text
    return _ESCAPED.get(text[1], text)
