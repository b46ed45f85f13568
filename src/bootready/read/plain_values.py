"""The values of plain YAML: words, quoted words, lists and mappings in brackets, blocks of text,
anchors and what stands for them.

Whatever is not plain is handed on by `NotPlain`; see `read.plain`, which reads what is around them.
"""

from __future__ import annotations

from bootready.model.node import Mapping, Node, Scalar, Sequence
from bootready.model.position import Span
from bootready.read.scalars import Value, plain_value
from bootready.regex import regex

DEPTH = 40
"""Levels of nesting; a file with more is handed on."""
KEY = r"[A-Za-z0-9_./$][\w./$@+*%-]{0,127}"
NAME = r"[A-Za-z0-9_-]{1,64}"
"""Of an anchor."""
WHOLE = r'"[^"\\\n]*"'
"""In double quotes, without escapes."""
DOUBLE = r'"(?:[^"\\\n]++|\\[\\"nt])*+"'
_PLAIN = (
    r"(?:[A-Za-z0-9_./$=+~]|-(?=[\w./=-]))"
    r"(?:[\w./$=+~@%&*;()|<>^!-]++|:(?=[\w/])| +(?=[\w./$=+~(]))*+"
)
_TOKEN = regex(
    rf"(?P<key>{WHOLE}|'[^'\n]*'|{KEY}): +|(?P<value>{DOUBLE}|'[^'\n]*'|{_PLAIN})"
    rf"|\*(?P<alias>{NAME})"
)
"""What may stand in brackets: a key with its colon, a value, or a stand-in."""
_GAP = regex(r"(?: |\n|(?<=[ \n])#[^\n]*)*+")
"""Between two tokens in brackets."""
_SIMPLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./$=+~")
"""What words in brackets are made of that mean nothing but themselves; ``-`` inside too."""
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_BEHIND_COLON = _LETTERS | {"/"}
_BEHIND_DASH = _LETTERS | set("./=-")
"""What follows a colon or a first dash that is a part of such a word."""
_MOST = 200
"""Characters of a word or a short list in brackets that is looked at without an expression."""
_ESCAPE = regex(r"\\.")
_ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n", r"\t": "\t"}

make_span = tuple.__new__
"""Half the price of calling the record."""


class NotPlain(Exception):  # noqa: N818 - it says to whom the text goes, not that it is wrong
    """The text uses more than the plain part of YAML, or is not valid."""


def scalar_value(text: str) -> Value:
    """Return the value that is written as `text`, with its quotes."""
    first = text[0]
    if first == '"':
        return _unescaped(text[1:-1])
    if first == "'":
        return text[1:-1].replace("''", "'")
    return plain_value(text)


def key_text(text: str) -> str:
    """Return the key that is written as `text`. Raises NotPlain if that is no string."""
    if text[0] in {'"', "'"}:
        return text[1:-1]
    if plain_value(text) is not text:
        raise NotPlain
    return text


def is_simple_key(key: str) -> bool:
    """Tell whether `key` is a word of letters, digits, ``_``, ``-`` and ``.``: part of `KEY`."""
    word = key.replace("-", "_").replace(".", "_")
    return word.isidentifier() and key.isascii() and key[0] != "-" and len(key) <= 128


def is_name(text: str) -> bool:
    """Tell whether an anchor may be called `text`: it is all of `NAME`."""
    return text.isascii() and text.replace("-", "a").replace("_", "a").isalnum() and len(text) <= 64


class Line:
    """What a line says, wherever it stands; columns count from 1."""

    __slots__ = (
        "anchor",
        "column",
        "dash",
        "end",
        "indent",
        "is_word",
        "key",
        "name",
        "start",
        "value",
        "word",
    )

    def __init__(  # noqa: PLR0917 - made for half of the lines of a file: keywords cost
        self,
        indent: int,
        dash: int,
        key: str,
        name: str,
        value: str,
        start: int,
        anchor: str = "",
        before: int = 0,
    ) -> None:
        self.start = start
        """Characters before its value."""
        self.indent = indent if dash or key or value else -1
        """Columns before its dash, its key or its value; -1 where it says nothing."""
        self.dash = dash
        """Columns of its dash with the spaces after it."""
        self.key = key
        """As written, with its quotes; '' for none."""
        self.name = name
        self.anchor = anchor
        self.value = value
        """As written, with its quotes; the bracket alone of what is in brackets."""
        self.column = before if anchor else start + 1
        """Of the value, or of its anchor."""
        self.end = start + 1 + len(value)
        self.is_word = is_word = value != "" and not anchor and value[0] not in "[{|>*"
        """Whether its value is one on this line, without an anchor."""
        self.word = scalar_value(value) if is_word else None
        """That value."""
        if anchor and self.indent < 0:
            raise NotPlain


class Values:
    """Reads the values of one text, at `position`; `number` is its line, from 1."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.position = 0
        self.number = 0
        self.line_start = 0
        """Where the line begins that is read."""
        self.depth = 0
        self.keys = 0
        self.values = 0
        self.aliased = 0
        """How many keys and values stand-ins stand for."""
        self.anchors: dict[str, tuple[Node, int]] = {}
        """Nodes by their anchors, with how many keys and values they are."""
        self.words: dict[str, Value] = {}
        """Values of usual words in brackets by how they are written."""

    def scalar(self, text: str, column: int) -> Scalar:
        """Return the value `text`, with its quotes, at `column` of the line."""
        self.values += 1
        number = self.number
        span = make_span(Span, (self.file, number, column, number, column + len(text)))
        return Scalar(scalar_value(text), span)

    def alias(self, name: str) -> Node:
        """Return the node that `name` stands for."""
        found = self.anchors.get(name)
        if found is None:
            raise NotPlain
        self.values += 1
        self.aliased += found[1]
        return found[0]

    def short_list(self, start: int) -> Sequence | None:
        """Return the list whose bracket is at `start`, and go on after it.

        None, and nothing done, for one that is not usual words on one line: see `brackets`.
        """
        end = self.text.find("]", start, start + _MOST)
        if end < 0 or self.depth >= DEPTH:
            return None
        known = self.words
        number = self.number
        before = number, start - self.line_start + 1
        column = before[1] + 1
        items: list[Node] = []
        for word in self.text[start + 1 : end].split(", "):
            if word not in known:
                if not _is_usual(word):
                    return None
                known[word] = scalar_value(word)
            behind = column + len(word)
            place = (self.file, number, column, number, behind)
            items.append(Scalar(known[word], make_span(Span, place)))
            column = behind + 2
        self.values += len(items) + 1
        self.position = end + 1
        return Sequence(items, make_span(Span, (self.file, *before, number, column - 1)))

    def brackets(self, start: int) -> Node:
        """Return the list or mapping whose bracket is at `start`, and go on after it."""
        self.depth += 1
        if self.depth > DEPTH:
            raise NotPlain
        self.values += 1
        place = (self.file, self.number, start - self.line_start + 1)
        items: list[Node] = []
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        text = self.text
        close = "]" if text[start] == "[" else "}"
        self.position = start + 1
        following = text[self.position]
        if following in " \n#":
            following = self._skip(self.position)
        while following != close:
            if close == "]":
                items.append(self._flow_value())
            else:
                key, span = self._flow_key()
                if key in entries:
                    raise NotPlain
                keys[key] = span
                entries[key] = self._flow_value()
            following = text[self.position]
            if following in " \n":
                following = self._skip(self.position)
            if following == ",":
                following = self._skip(self.position + 1)
                if following == close:
                    raise NotPlain
            elif following != close:
                raise NotPlain
        self.keys += len(keys)
        self.position += 1
        self.depth -= 1
        end = (self.number, self.position - self.line_start + 1)
        whole = make_span(Span, (*place, *end))
        return Sequence(items, whole) if close == "]" else Mapping(entries, keys, whole)

    def _flow_key(self) -> tuple[str, Span]:
        """Return the key here and its place, and go on to its value."""
        start = self.position
        written, colon, _ = self.text[start : start + _MOST].partition(": ")
        if colon and (is_simple_key(written) or _is_quoted(written)):
            self.position = start + len(written) + 2
            while self.text[self.position] == " ":
                self.position += 1
        else:
            found = _TOKEN.match(self.text, start)
            if found is None or found["key"] is None:
                raise NotPlain
            written = found["key"]
            self.position = found.end()
        column = start - self.line_start + 1
        place = (self.file, self.number, column, self.number, column + len(written))
        return key_text(written), make_span(Span, place)

    def _flow_value(self) -> Node:
        """Return the value here, and go on after it."""
        start = self.position
        if self.text[start] in "[{":
            return self.brackets(start)
        word = _simple_word(self.text, start)
        if word:
            self.position = start + len(word)
            if word[0] == "*":
                return self.alias(word[1:])
            return self.scalar(word, start - self.line_start + 1)
        found = _TOKEN.match(self.text, start)
        if found is None:
            raise NotPlain
        self.position = found.end()
        key, value, alias = found.groups()
        if value is not None:
            return self.scalar(value, start - self.line_start + 1)
        if key is not None:
            raise NotPlain
        return self.alias(alias)

    def _skip(self, position: int) -> str:
        """Go on from `position` to the next token, on a later line perhaps; return its sign."""
        while self.text[position] == " ":
            position += 1
        self.position = position
        first = self.text[position]
        if first not in "\n#":
            return first
        found = _GAP.match(self.text, position)
        self.position = found.end() if found else position
        lines = self.text.count("\n", position, self.position)
        if lines:
            self.number += lines
            self.line_start = self.text.rfind("\n", 0, self.position) + 1
        first = self.text[self.position : self.position + 1]
        if not first or (lines and self.position == self.line_start and first not in "]}"):
            raise NotPlain
        return first

    def block_text(self, style: str, column: int, parent: int) -> Scalar:
        """Return the text below the line that ends with `style` (``|``, ``>-``), and go on after.

        `parent` is how many columns stand before what the text belongs to.
        """
        self.values += 1
        start, indent, blank = self.number, 0, 0
        lines: list[str] = []
        while self.position < len(self.text):
            end = self.text.index("\n", self.position)
            line = self.text[self.position : end]
            inner = len(line) - len(line.lstrip(" "))
            if inner == len(line):
                if line and inner > indent:
                    raise NotPlain  # spaces that count, or that decide on the indentation
                blank += 1
            else:
                indent = indent or inner
                if inner < indent or inner <= parent:
                    break
                lines += [""] * blank
                lines.append(line[indent:])
                blank = 0
            self.position = end + 1
            self.number += 1
        if not lines:
            raise NotPlain
        span = make_span(Span, (self.file, start, column, self.number + 1, 1))
        body = "\n".join(lines) if style[0] == "|" else _folded(lines)
        tail = {"": "\n", "-": "", "+": "\n" * (blank + 1)}[style[1:]]
        return Scalar(body + tail, span)


def _is_usual(word: str) -> bool:
    """Tell whether `word` is a whole value in brackets, of a usual kind."""
    return _is_quoted(word) or _is_simple(word)


def _is_quoted(word: str) -> bool:
    """Tell whether `word` is in quotes, without any of them and without escapes inside."""
    first = word[:1]
    if first != '"' and first != "'":  # noqa: PLR1714 - for every word
        return False
    return word.count(first) == 2 and word[-1] == first and "\\" not in word and "\n" not in word


def _is_simple(word: str) -> bool:
    """Tell whether `word`, without quotes, means nothing but itself in brackets."""
    if not word or len(word) >= _MOST:
        return False
    if word[0] not in _SIMPLE and (word[0] != "-" or word[1:2] not in _BEHIND_DASH):
        return False
    if ":" in word and not all(part[:1] in _BEHIND_COLON for part in word.split(":")[1:]):
        return False
    return _SIMPLE.issuperset(word.replace(":", "_").replace("-", "_"))


def _simple_word(text: str, start: int) -> str:
    """Return the value of a usual kind that is at `start` in brackets, '' for another.

    It is what `_TOKEN` would find; a small project has no others.
    """
    first = text[start]
    if first in {'"', "'"}:
        end = text.find(first, start + 1, start + _MOST) + 1
        word = text[start:end]
        ended = "\\" not in word and "\n" not in word and text[end] in ",]}"
        return word if end and ended else ""
    word = text[start : start + _MOST].partition(",")[0].partition("]")[0].partition("}")[0]
    return word if _is_simple(word) or (first == "*" and is_name(word[1:])) else ""


def _folded(lines: list[str]) -> str:
    """Return the lines of a ``>`` in one, broken where one is empty or further in."""
    text, breaks, further = "", 0, True
    for line in lines:
        if not line:
            breaks += 1
            continue
        now = line[0] == " "
        if text or breaks:
            if further or now:
                text += "\n" * (breaks + bool(text))
            else:
                text += "\n" * breaks or " "
        text += line
        breaks, further = 0, now
    return text


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)
