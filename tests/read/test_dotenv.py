"""Env files are read in Compose's dialect, every variable with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootready.errors import ProjectError
from bootready.model.node import Reference
from bootready.model.problem import Variable
from bootready.read.dotenv import read_dotenv, set_variables, statements_of


def values(text: str, **shell: str) -> dict[str, str]:
    return {name: v.value for name, v in read_dotenv(text, "/p/.env", shell.get).items()}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("A=1\n", {"A": "1"}, id="plain"),
        pytest.param("  A = 1  \n", {"A": "1"}, id="space around"),
        pytest.param("A: 1\n", {"A": "1"}, id="a colon separates too"),
        pytest.param("export A=1\n", {"A": "1"}, id="export"),
        pytest.param("A=1 # x\nB=1#x\n", {"A": "1", "B": "1#x"}, id="comments need a space"),
        pytest.param("# x\n\nA=\nB=''\n", {"A": "", "B": ""}, id="empty values"),
        pytest.param("A='$B \\n'\n", {"A": "$B \\n"}, id="single quotes keep all"),
        pytest.param('A="x\\ny" # z\nB=2\n', {"A": "x\ny", "B": "2"}, id="escapes"),
        pytest.param('A="x\ny"\nB=2\n', {"A": "x\ny", "B": "2"}, id="quotes span lines"),
        pytest.param('A="a\\"b"\n', {"A": 'a"b'}, id="an escaped quote"),
        pytest.param('A="\\0101 \\012"\n', {"A": "A \\12"}, id="octal escapes have three digits"),
        pytest.param('A="\\0 \\07 \\0400"\n', {"A": "\\ \\7 \\400"}, id="others lose their zero"),
        pytest.param("A=1\nB=${A}2\nC=$B$$x\n", {"A": "1", "B": "12", "C": "12$x"}, id="earlier"),
        pytest.param('A="\\$B"\n', {"A": "$B"}, id="an escaped dollar"),
        pytest.param("A=${B:-${C:-d}}\n", {"A": "d"}, id="nested defaults"),
        pytest.param("\ufeffA=1\n", {"A": "1"}, id="a byte order mark"),
        pytest.param("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}, id="line ends of Windows"),
        pytest.param("A=1\nB", {"A": "1"}, id="a name without a line's end is none"),
        pytest.param("A='1' B=2\n", {"A": "1", "B": "2"}, id="two on a line"),
    ],
)
def test_values(text: str, want: dict[str, str]) -> None:
    assert values(text) == want


@pytest.mark.parametrize("text", ["A=1\nB", "=B\nA=1\n"])
def test_a_container_gets_a_value_without_a_name_too(text: str) -> None:
    variables: dict[str, Variable] = {}
    set_variables(statements_of(text, "/p/a.env"), lambda _name: None, variables)
    assert {name: one.value for name, one in variables.items()} == {"A": "1", "": "B"}


def test_the_shell_wins_inside_values() -> None:
    assert values("A=1\nB=$A\n", A="shell") == {"A": "1", "B": "shell"}


def test_a_name_alone_takes_the_value_of_the_shell() -> None:
    assert values("A\nB\n", A="shell") == {"A": "shell"}


def test_lines_and_uses_are_known() -> None:
    uses: list[Reference] = []
    found = read_dotenv("# c\nA='x\ny'\nB=-$C\n", "/p/.env", {}.get, references=uses)
    assert {name: v.line for name, v in found.items()} == {"A": 2, "B": 4}
    assert [(u.name, u.span[1:], u.is_set) for u in uses] == [("C", (4, 4, 4, 6), False)]


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        pytest.param("A=1\nB C=2\n", "env-file-syntax", (2, 1), id="a space in a name"),
        pytest.param("A=1\nB/=2\n", "env-file-syntax", (2, 2), id="a slash in a name"),
        pytest.param("A='1\n", "env-file-syntax", (1, 3), id="an open quote"),
        pytest.param("A=${B\n", "interpolation-syntax", (1, 3), id="an open brace"),
        pytest.param("A=${B:?no}\n", "required-variable-unset", (1, 3), id="required"),
    ],
)
def test_refusals_have_places(text: str, kind: str, place: tuple[int, int]) -> None:
    with pytest.raises(ProjectError) as caught:
        values(text)
    (problem,) = caught.value.problems
    assert problem.location is not None
    assert (problem.kind, problem.location.span[1:3]) == (kind, place)


def test_no_message_holds_a_value() -> None:
    with pytest.raises(ProjectError) as caught:
        values("A='s3cret\n")
    assert "s3cret" not in str(caught.value)


def quoted(text: str, quote: str) -> tuple[str, str]:
    """Return what stands between `quote` and the next one without a backslash, and what follows:
    character by character, as compose-go does (dotenv/parser.go, extractVarValue).
    """
    said = ""
    index = 0
    while text[index] != quote:
        if text[index] == "\\":
            index += 1
            said += "" if text[index] == quote else "\\"
        said += text[index]
        index += 1
    return said, text[index + 1 :]


@given(st.text(alphabet="a'\"\\ \n#=", max_size=12))
def test_a_quoted_value_ends_at_the_first_quote_that_is_not_escaped(text: str) -> None:
    written = f"A='{text}'\n"
    try:
        value, rest = quoted(f"{text}'\n", "'")
    except IndexError:
        with pytest.raises(ProjectError, match="quote is never closed"):
            read_dotenv(written, "/p/.env", {}.get)
        return
    variables: dict[str, Variable] = {}
    statements = statements_of(written, "/p/.env")
    assert statements.items[0].variable.value == value
    if not rest.strip():
        set_variables(statements, lambda _name: None, variables)
        assert [*variables] == ["A"]


@given(st.text(alphabet="aA1_.-é =:\n", min_size=1, max_size=8))
def test_a_name_is_read_alike_whether_it_is_usual_or_not(name: str) -> None:
    """The long prefix makes an unusual one of every name."""
    prefix = "x" * 200
    usual, long = (told(f"{before}{name}=1\n") for before in ("x", prefix))
    assert usual == [one.replace(prefix, "x") for one in long]


def told(text: str) -> list[str]:
    statements = statements_of(text, "/p/.env")
    names = [f"{one.variable.name}={one.variable.value}" for one in statements.items]
    return [*names, statements.error.message if statements.error else ""]
