"""What is read by plain string work, so that a short command imports no `re`: the same as by the
expressions that say what it is.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootready.model.node import Scalar, Sequence
from bootready.read import plain, plain_values, template
from bootready.read.plain_values import Line, NotPlain, Values

_PIECES = [
    *" -:#\"'[]{},|>&*?%@`<\\$=/._~",
    "a",
    "9",
    "é",
    "key",
    ": ",
    "- ",
    " #",
    ":/",
    "''",
    "-a",
    "&a",
    "*a",
    "<<",
    "|-",
]
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=9).map("".join)
_VARIABLE = re.compile(
    r"\$(?:(?P<escaped>\$)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|\{(?:(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?:(?P<closed>\})|(?P<operator>:?[-+?]))?)?)"
)
"""How a variable begins: compose-go's template.go."""


def _parts(line: Line) -> tuple[object, ...]:
    """Return what is said of a line; where nothing stands has no place."""
    said = (line.indent, line.dash, line.key, line.name, line.anchor, line.value, line.word)
    if line.anchor:
        said = (*said, line.column)
    return (*said, line.is_word, line.start, line.column, line.end) if line.value else said


def _both_ways(written: str) -> None:
    """Read a line by string work, and then by the expression; the first may leave it alone."""
    try:
        simple = plain._simple_line(written)
    except NotPlain:
        with pytest.raises(NotPlain):
            plain._matched_line(written)
        return
    if simple is not None:
        assert _parts(simple) == _parts(plain._matched_line(written))


@given(st.integers(0, 3), _TEXTS)
def test_a_line(indent: int, body: str) -> None:
    _both_ways(" " * indent + body + "\n")


@pytest.mark.parametrize(
    "written",
    [
        "services:",
        "  web:",
        "    image: nginx:1.27",
        "    restart: 'no'",
        '    user: "1000:1000"  ',
        "    ports: [80, 443]",
        "      - data:/data",
        "      - --flag=x:1",
        "      - ./here:/there",
        '      - "127.0.0.1:80:80"',
        "      - x-name: a",
        "  # a comment",
        "",
        "  -",
        "x.y_z-1: ~",
        "environment: {A: 1}",
        "x-logging: &logging",
        "x-unprobed: &unprobed {disable: true}",
        "- &first-one [a]",
        "    logging: *logging",
        "    <<: *etcd",
        "  - |",
        "  text: >-",
        """    text: '{{ "\\n" }}'""",
    ],
)
def test_a_usual_line_needs_no_expression(written: str) -> None:
    assert plain._simple_line(written + "\n") is not None
    _both_ways(written + "\n")


@pytest.mark.parametrize(
    "written",
    ["a: b: c", "-x: y", "a: 'b'c'", 'a: "b\\n"', "a: &b c", "a: b #c", "? a"],
)
def test_an_odd_line_is_left_to_the_expression(written: str) -> None:
    assert plain._simple_line(written + "\n") is None


@given(_TEXTS)
def test_a_word_in_brackets(text: str) -> None:
    text += "]\n"
    word = plain_values._simple_word(text, 0)
    if word:
        found = plain_values._TOKEN.match(text)
        assert found is not None
        read = found["value"] or f"*{found['alias']}"
        assert (read, found.end()) == (word, len(word))


@given(_TEXTS, st.sampled_from(["a", '"a b"', "'[*]'", "a.b-c"]))
def test_a_key_in_brackets(text: str, key: str) -> None:
    """What follows it must not be read into it."""
    values = Values(f"{key}: {text}}}\n", "f")
    try:
        read, span = values._flow_key()
    except NotPlain:
        return
    found = plain_values._TOKEN.match(values.text)
    assert found is not None
    assert (read, values.position) == (plain_values.key_text(found["key"]), found.end())
    assert span.end_column == len(found["key"]) + 1


@pytest.mark.parametrize(
    "word",
    ["no-new-privileges:true", "-q", "--consistency=s", "-O", "*unprobed", "a:/b", "12:30", "x"],
)
def test_a_usual_word_in_brackets_needs_no_expression(word: str) -> None:
    assert plain_values._simple_word(f"{word}, b]\n", 0) == word


@given(st.lists(st.sampled_from([*"${}:-+?_a9 \n", "NAME", "${", "é"]), max_size=9).map("".join))
def test_a_variable(text: str) -> None:
    start = template._start_in(text, 0)
    found = _VARIABLE.search(text)
    if found is None or start is None:
        assert found is start
        return
    kind = "$" if found["escaped"] else "}" if found["name"] or found["closed"] else ""
    kind = "{" if found["operator"] else kind
    name = found["name"] or found["braced"] or ""
    assert start == (found.start(), found.end(), kind, name, found["operator"] or "")


@given(_TEXTS, _TEXTS)
def test_a_line_is_read_alike_after_another_with_its_key(value: str, other: str) -> None:
    heads: dict[str, tuple[int, int, str, str]] = {}
    for written in (f"  a-b: {other}\n", f"  a-b: {value}\n", f"  a-b:{value}\n"):
        try:
            line = plain._line_in(written, heads)
        except NotPlain:
            with pytest.raises(NotPlain):
                plain._matched_line(written)
        else:
            assert _parts(line) == _parts(plain._matched_line(written))


@given(st.lists(_TEXTS | st.sampled_from(["a", "9", '"a"', "'b'", "a:/b"]), max_size=4))
def test_a_short_list_is_read_like_any_other(words: list[str]) -> None:
    text = f"[{', '.join(words)}]\n"
    short, whole = Values(text, "f"), Values(text, "f")
    made = short.short_list(0)
    if made is not None:
        other = whole.brackets(0)
        assert isinstance(other, Sequence)
        assert [made.span, *_scalars(made)] == [other.span, *_scalars(other)]
        assert (short.position, short.values) == (whole.position, whole.values)


def _scalars(sequence: Sequence) -> list[object]:
    return [(node.value, node.span) for node in sequence.items if isinstance(node, Scalar)]


def test_usual_lists_are_short() -> None:
    for text in ('["CMD", "true"]\n', "[data:/data, 'b c']\n", "[80]\n"):
        assert Values(text, "f").short_list(0) is not None
