"""The text of an env file -> its variables with their lines, in Compose's dialect.

The dialect is compose-go's (dotenv/parser.go): ``export``, ``=`` or ``:``, quotes that may span
lines, ``#`` comments, escapes in double quotes, and variables in all values but single-quoted ones.
"""

from __future__ import annotations

from bootready.errors import ProjectError
from bootready.model.node import Reference
from bootready.model.position import Location, Span
from bootready.model.problem import Problem, Variable
from bootready.read.template import Filled, Lookup, fill
from bootready.regex import regex
from bootready.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re

_USUAL = 100
"""Characters of a name that is looked at whole; a longer one is read by characters."""
_BLANK = "\t\v\f\r \x85\xa0"
"""White space inside a line."""
SPACE = _BLANK + "\n\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""White space as Go's unicode.IsSpace has it."""
_EXPORT = regex(r"export[\t\n\f\r ]+")
_ESCAPE = regex(r"\\(?:[abcfnrtv$\"\\]|0[0-9]{0,3})")
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
_OF_UTF16 = "\udcff\udcfe\0"
"""What the first bytes of UTF-16 are to who reads UTF-8: Compose calls them unexpected."""
_OCTAL = regex(r"\\0([0-3][0-7]{2})\Z")


class DotenvError(ProjectError):
    """An env file that Compose refuses."""


class Statement(NamedTuple):
    """One line of an env file. `variable` is what it sets if its value has no variables."""

    variable: Variable
    is_inherited: bool
    """Whether it is a name alone, which takes the value that is there already."""
    template: int
    """Where the value starts in the text, if it has variables; else -1."""


class Statements(NamedTuple):
    """An env file taken apart: what it says does not depend on who reads it."""

    text: str
    items: tuple[Statement, ...]
    """Those before the first that Compose refuses."""
    error: DotenvError | None


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
    variables = {} if earlier is None else earlier
    set_variables(statements_of(text, file), lookup, variables, references)
    variables.pop("", None)  # no reference can ask for it
    return variables


def statements_of(text: str, file: str) -> Statements:
    """Return the statements of `text`; `file` is the absolute path that their places name."""
    reader = _Reader(text.removeprefix("\ufeff"), file)
    error = None
    try:
        reader.read()
    except DotenvError as refused:
        error = refused
    return Statements(reader.text, tuple(reader.statements), error)


def set_variables(
    statements: Statements,
    lookup: Lookup,
    variables: dict[str, Variable],
    references: list[Reference] | None = None,
) -> None:
    """Add to `variables` those that `statements` set; arguments and errors as of `read_dotenv`.

    A value without a name is that of ''.
    """

    def value_of(name: str) -> str | None:
        value = lookup(name)
        if value is None and name in variables:
            return variables[name].value
        return value

    places = _Lines(statements.text)
    for variable, is_inherited, template in statements.items:
        if is_inherited:
            inherited = lookup(variable.name)
            if inherited is None:
                continue
            variable = variable._replace(value=inherited)  # noqa: PLW2901 - as it is set
        elif template >= 0:
            result = fill(variable.value, value_of)
            _note(result, places, template, variable.source, references)
            variable = variable._replace(value=result.text)  # noqa: PLW2901 - as it is set
        variables[variable.name] = variable
    if statements.error is not None:
        raise statements.error


def _note(
    result: Filled,
    places: _Lines,
    start: int,
    file: str,
    references: list[Reference] | None,
) -> None:
    """Add the uses of variables in a value to `references`. Raises DotenvError for its faults."""
    if references is not None:
        for use in result.uses:
            span = places.span(file, start + use.start, start + use.end)
            references.append(
                Reference(use.name, span, use.operator, use.argument, use.is_set, use.is_used)
            )
    if result.faults:
        raise DotenvError(
            [
                Problem(
                    fault.kind,
                    fault.unquoted or fault.message,
                    Location(places.span(file, start + fault.start, start + fault.end)),
                    True,
                    fault.subject,
                )
                for fault in result.faults
            ]
        )


class _Lines:
    """Finds the lines of positions in a text, counted on from the last one that was asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line = 1
        self.start = 0
        """Where that line starts."""

    def at(self, position: int) -> tuple[int, int]:
        """Return the number of the line at `position`, and the column in it; both from 1."""
        if position >= self.position:
            more = self.text.count("\n", self.position, position)
        else:
            more = -self.text.count("\n", position, self.position)
        if more:
            self.line += more
            self.start = self.text.rfind("\n", 0, position) + 1
        self.position = position
        return self.line, position - self.start + 1

    def span(self, file: str, start: int, end: int) -> Span:
        """Return the place of a stretch of the text; exact where no escape stands before it."""
        size = len(self.text)
        line, column = self.at(min(start, size))
        return Span(file, line, column, *self.at(min(end, size)))


class _Reader:
    """Reads one file from its start to its end."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.position = 0
        self.places = _Lines(text)
        self.statements: list[Statement] = []

    def read(self) -> None:
        while self.at_statement():
            start = self.position
            line, _ = self.places.at(start)
            name, inherited = self.name()
            if " " in name:
                self.fail(start, "a variable's name cannot contain a space")
            value, template = ("", -1) if inherited else self.value()
            variable = Variable(name, value, self.file, line)
            self.statements.append(Statement(variable, inherited, template))

    def at_statement(self) -> bool:
        """Move to the next statement; False at the end of the text."""
        text, size = self.text, len(self.text)
        while True:
            while self.position < size and text[self.position] in SPACE:
                self.position += 1
            if self.position >= size:
                return False
            if text[self.position] != "#":
                return True
            end = text.find("\n", self.position)
            self.position = size if end < 0 else end

    def name(self) -> tuple[str, bool]:
        """Return the name before ``=`` or ``:``, and whether there was neither but a line's end."""
        if self.text.startswith("export", self.position) and _EXPORT.match(
            self.text, self.position
        ):
            self.position += len("export")
            self.skip_blanks()
        start = self.position
        end = self.text.find("=", start, start + _USUAL)
        usual = self.text[start:end] if end >= 0 else ""
        if usual.isidentifier() and usual.isascii():
            self.position = end + 1
            self.skip_blanks()
            return usual, False
        for index in range(start, len(self.text)):
            character = self.text[index]
            if character in "=:\n":
                self.position = index + 1
                self.skip_blanks()
                return self.text[start:index].rstrip(SPACE), character == "\n"
            if character in _BLANK or character in "_.-[]":
                continue
            if character in _OF_UTF16:
                self.fail(index, "the file is in UTF-16, as PowerShell saves it: save it as UTF-8")
            if not (character.isalpha() or character.isnumeric()):
                self.fail(index, f"character '{character}' cannot stand in a variable's name")
        # compose-go takes a last line without a line's end for the value of a nameless variable.
        return "", False

    def value(self) -> tuple[str, int]:
        """Return the value, and where it starts if it has variables in it, else -1."""
        quote = self.text[self.position : self.position + 1]
        if quote in {"'", '"'}:
            return self.quoted(quote)
        start = self.position
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        self.position = min(end + 1, len(self.text))
        value = self.text[start:end].split(" #", 1)[0].rstrip(SPACE)
        return value, start if "$" in value else -1

    def quoted(self, quote: str) -> tuple[str, int]:
        text, start = self.text, self.position + 1
        parts: list[str] = []
        index, end = start, start - 1
        while True:
            if end < index:
                end = text.find(quote, index)
                if end < 0:
                    self.fail(start - 1, "this quote is never closed")
            slash = text.find("\\", index, end)
            if slash < 0:
                break
            following = text[slash + 1]
            parts += [text[index:slash], following if following == quote else f"\\{following}"]
            index = slash + 2
        self.position = end + 1
        value = "".join((*parts, text[index:end]))
        if quote == "'":
            return value, -1
        if "\\" in value:
            value = _ESCAPE.sub(_unescaped, value)
        return value, start if "$" in value else -1

    def skip_blanks(self) -> None:
        while self.position < len(self.text) and self.text[self.position] in _BLANK:
            self.position += 1

    def fail(self, position: int, message: str) -> None:
        location = Location(self.places.span(self.file, position, position + 1))
        raise DotenvError([Problem("env-file-syntax", message, location, True)])


def _unescaped(found: re.Match[str]) -> str:
    text = found[0]
    if text[1] == "0":
        octal = _OCTAL.match(text)
        # compose-go takes the zero off before it looks whether the rest is a number.
        return chr(int(octal[1], 8)) if octal else f"\\{text[2:]}"
    return _ESCAPED.get(text[1], text)
