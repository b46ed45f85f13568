"""A command written as one string -> its words, split as Compose splits it.

Source: mattn/go-shellwords 1.0.15 (in Compose 5.6.1) with its defaults: no variables, no backticks
are carried out, and the first unquoted ``;``, ``&``, ``|``, ``<`` or ``>`` silently ends the
command.
"""

from __future__ import annotations

_SPACE = frozenset(" \t\r\n")
_ENDS = frozenset(";&|<>")
_ESCAPED = {"n": "\n", "t": "\t"}
"""What a backslash makes of a character that it does not keep."""


class CommandSyntaxError(ValueError):
    """A quote, a bracket or a backslash is left open."""


def split_command(text: str) -> list[str]:
    """Return the words of `text`; raises CommandSyntaxError."""
    if text.isascii() and not _ODD.intersection(text):
        return text.split()
    return _Splitter().split(text)


_ODD = frozenset("\\`()\"'") | _ENDS | frozenset("\x0b\x0c\x1c\x1d\x1e\x1f")


class _Splitter:
    def __init__(self) -> None:
        self.words: list[str] = []
        self.buffer = ""
        self.started = False
        self.single = self.double = self.back = self.dollar = False

    def split(self, text: str) -> list[str]:
        escaped = False
        for character in text:
            if escaped:
                self._escaped(character)
                escaped = False
            elif character == "\\":
                if self.single:
                    self.buffer += character
                else:
                    escaped = True
            elif character in _SPACE:
                self._space(character)
            elif character in _ENDS and not self._quoted():
                if character == ">" and self.buffer[:1].isdigit() and self.buffer[:1].isascii():
                    self.started = False  # 2> is a redirection, not a word
                break
            elif not self._mark(character):
                self._take(character)
        if self.started:
            self.words.append(self.buffer)
        if escaped or self._quoted():
            raise CommandSyntaxError("a quote, bracket or backslash is not closed")
        return self.words

    def _escaped(self, character: str) -> None:
        # What a shell is to carry out, between backticks or in $(), keeps its backslashes.
        kept = self.back or self.dollar
        self._take(f"\\{character}" if kept else _ESCAPED.get(character, character))

    def _quoted(self) -> bool:
        return self.single or self.double or self.back or self.dollar

    def _take(self, character: str) -> None:
        self.buffer += character
        self.started = True

    def _space(self, character: str) -> None:
        if self._quoted():
            self.buffer += character
        elif self.started:
            self.words.append(self.buffer)
            self.buffer, self.started = "", False

    def _mark(self, character: str) -> bool:
        """Follow quotes and brackets; tell whether `character` is used up by that."""
        if character == "`":
            if not (self.single or self.double or self.dollar):
                self.back = not self.back
        elif character == ")":
            if not (self.single or self.double or self.back):
                if not self.dollar:
                    raise CommandSyntaxError("a bracket needs quotes around it")
                self.dollar = False
        elif character == "(":
            if not (self.single or self.double or self.back):
                if self.dollar or not self.buffer.endswith("$"):
                    raise CommandSyntaxError("a bracket must be quoted")
                self.dollar = True
                self.buffer += "("
                return True
        elif character == '"' and not (self.single or self.dollar or self.back):
            self.started = self.started or self.double
            self.double = not self.double
            return True
        elif character == "'" and not (self.double or self.dollar or self.back):
            self.started = self.started or self.single
            self.single = not self.single
            return True
        return False
