"""YAML becomes what Compose makes of it, with places, and refusals say where."""

from __future__ import annotations

import pytest

from bootready.model.node import Mapping, Scalar, Sequence, plain
from bootready.read.yaml import YamlError, read_yaml


def one(text: str) -> object:
    (document,) = read_yaml(text, "/p/compose.yaml")
    return plain(document)


def refusals(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(YamlError) as caught:
        read_yaml(text, "/p/compose.yaml")
    found = []
    for problem in caught.value.problems:
        assert problem.fatal
        assert problem.location is not None
        found.append((problem.kind, problem.location.span.line, problem.location.span.column))
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("yes", "yes", id="yes is a string"),
        pytest.param("tRue", "tRue", id="only three spellings of true count"),
        pytest.param("TRUE", True, id="TRUE is true"),
        pytest.param("Null", None, id="Null is null"),
        pytest.param("12:30:45", "12:30:45", id="there are no base 60 numbers"),
        pytest.param("012", 10, id="a leading zero means octal"),
        pytest.param("0o777", 511, id="0o means octal"),
        pytest.param("0_7", 7, id="underscores are dropped from numbers"),
        pytest.param("_1", "_1", id="an underscore starts no number"),
        pytest.param("-0777", -511, id="octal may have a sign"),
        pytest.param("08", 8.0, id="no octal, so a float"),
        pytest.param("0o9", "0o9", id="no octal, so a string"),
        pytest.param("0x1F", 31, id="hexadecimal"),
        pytest.param("0b11", 3, id="binary"),
        pytest.param("1e3", 1000.0, id="an exponent makes a float"),
        pytest.param("1e400", "1e400", id="too large for a float"),
        pytest.param("99999999999999999999", 1e20, id="too large for an integer"),
        pytest.param("18446744073709551615", 18446744073709551615, id="unsigned 64 bits fit"),
        pytest.param("2024-1-1", "2024-01-01T00:00:00Z", id="a date is a timestamp"),
        pytest.param("2024-13-01", "2024-13-01", id="no date, so a string"),
        pytest.param("2024-01-01 1:2:3.50", "2024-01-01T01:02:03.5Z", id="a date and a time"),
        pytest.param("! 12", "12", id="! makes a string"),
        pytest.param("!foo 012", "012", id="an unknown tag makes a string"),
        pytest.param("!!int '0x1f'", 31, id="a tag reads through quotes"),
        pytest.param("!!float 1", 1.0, id="an integer may be tagged float"),
        pytest.param("!!binary aGk=", "hi", id="binary is decoded"),
        pytest.param(r'"it\'s"', "it's", id="the escape that libyaml cannot scan"),
        pytest.param(r'"\\' "'" 'x"', "\\'x", id="an escaped backslash before a quote"),
        pytest.param("\x7f", "\x7f", id="a control character that YAML 1.2 allows"),
        pytest.param("&a.b/c x", "x", id="an anchor that libyaml cannot scan"),
    ],
)
def test_scalars_are_read_as_compose_reads_them(text: str, value: object) -> None:
    got = one(f"v: {text}\n")
    assert got == {"v": value}
    assert isinstance(got, dict)
    assert type(got["v"]) is type(value) or isinstance(value, str)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: <<\nb: 1", {"b": 1}, id="a lone merge sign vanishes"),
        pytest.param("[<<, 1]", [1], id="a lone merge sign vanishes from a list"),
        pytest.param("[<<, 1, <<, 2, 3, 4, 5]", [1, 2, 3, 4, 5], id="and nothing else does"),
        pytest.param("{<<: [{a: 1}, {a: 2, b: 3}], c: 4}", {"a": 1, "b": 3, "c": 4}, id="merge"),
        pytest.param('{"<<": 1}', {"<<": 1}, id="a quoted merge sign is a key"),
        pytest.param("x: &l [{a: 1}]\ny: {<<: *l}", {"x": [{"a": 1}], "y": {"a": 1}}, id="alias"),
        pytest.param("a: &v 1\nb: &v 2\nc: *v", {"a": 1, "b": 2, "c": 2}, id="anchors again"),
        pytest.param("a: &k x\n*k : 1", {"a": "x", "x": 1}, id="an alias as a key"),
        pytest.param("{!foo 1: 2}", {"1": 2}, id="a tagged key is a string"),
        pytest.param("a: &a.b x\nb: '&a.b'\nc: *a.b", {"a": "x", "b": "&a.b", "c": "x"}, id="odd"),
        pytest.param("a: [\n\ufeffb]", {"a": ["\ufeffb"]}, id="a byte order mark inside"),
        pytest.param("a: {b:}", {"a": {"b": None}}, id="a key without a value in brackets"),
        pytest.param("{a:,b: [c:d:, e]}", {"a": None, "b": [{"c:d": None}, "e"]}, id="several"),
        pytest.param("[a:,\n b:]", [{"a": None}, {"b": None}], id="on several lines"),
        pytest.param("[?x, ?,y]", ["?x", "?", "y"], id="a question mark that begins no key"),
        pytest.param("{?a: b, c: ?}", {"?a": "b", "c": "?"}, id="nor in a mapping"),
        pytest.param("[a, :80, ::1,:b]", ["a", ":80", "::1", ":b"], id="a colon first"),
        pytest.param("{a: 1,\n :b: c}", {"a": 1, ":b": "c"}, id="a colon first in a key"),
        pytest.param("a: 'b, :c'\nd: e, :f", {"a": "b, :c", "d": "e, :f"}, id="or elsewhere"),
        pytest.param("[? a, b:?c]", [{"a": None}, "b:?c"], id="and one that does"),
        pytest.param("a: '[ ?b'\nc: [ ?d]", {"a": "[ ?b", "c": ["?d"]}, id="in quotes as well"),
        pytest.param("\ufeffa: \ufeffb", {"a": "\ufeffb"}, id="and one at the start"),
        pytest.param("a: b\n\ufeffc: d", {"a": "b", "\ufeffc": "d"}, id="and one in a key"),
    ],
)
def test_structures_are_read_as_compose_reads_them(text: str, value: object) -> None:
    assert one(text) == value


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)], id="duplicate keys"),
        pytest.param('{1: a, "1": b}', [("non-string-key", 1, 2), ("duplicate-key", 1, 8)], id="1"),
        pytest.param("{<<: {}, <<: {}}", [("duplicate-key", 1, 10)], id="two merge keys"),
        pytest.param(
            "{1: a, true: b}", [("non-string-key", 1, 2), ("non-string-key", 1, 8)], id="k"
        ),
        pytest.param("{[a]: b}", [("non-string-key", 1, 2)], id="a list as a key"),
        pytest.param("a: !!int 1.0", [("yaml-tag", 1, 4)], id="a float is no integer"),
        pytest.param("a: !!bool yes", [("yaml-tag", 1, 4)], id="yes is no boolean"),
        pytest.param(r'a: "x\/y"', [("yaml-syntax", 1, 4)], id="the escape that libyaml accepts"),
        pytest.param("a: &x [*x]", [("yaml-alias", 1, 8)], id="an alias in its own anchor"),
        pytest.param("a: *x", [("yaml-alias", 1, 4)], id="an alias without an anchor"),
        pytest.param("a: {<<: 1}", [("merge-key", 1, 9)], id="merging no mapping"),
        pytest.param("a:\n\t- b", [("yaml-syntax", 2, 1)], id="a tab as indentation"),
        pytest.param("a: \x00", [("yaml-syntax", 1, 4)], id="a NUL"),
        pytest.param("a: {:b}", [("yaml-syntax", 1, 5)], id="a colon after a brace"),
        pytest.param("a: [!!str,b]", [("yaml-syntax", 1, 5)], id="a comma after a tag"),
        pytest.param("{a:, b: [c}", [("yaml-syntax", 1, 11)], id="a place after an empty value"),
        pytest.param("a: [1? ]", [("yaml-syntax", 1, 5)], id="a question mark in brackets"),
        pytest.param("%YAML 1.2\n---\na: 1", [("yaml-version", 1, 1)], id="another version"),
        pytest.param(
            "a: 1\n\ufeff# b\nc: 1", [("yaml-syntax", 3, 1)], id="a byte order mark is a letter"
        ),
        pytest.param("a: [1,\n", [("yaml-syntax", 2, 1)], id="an open bracket"),
    ],
)
def test_refusals_have_places(text: str, refusal: list[tuple[str, int, int]]) -> None:
    assert refusals(text) == refusal


def test_a_value_with_a_colon_is_told_to_be_quoted() -> None:
    with pytest.raises(YamlError) as error:
        read_yaml("command: echo FATAL: no", "compose.yaml")
    assert "quotes around a value with ': '" in error.value.problems[0].hint


def test_problems_before_a_syntax_error_are_all_told() -> None:
    assert refusals("a: 1\na: 2\nb: !!int x\nc: [") == [
        ("duplicate-key", 2, 1),
        ("yaml-tag", 3, 4),
        ("yaml-syntax", 5, 1),
    ]


def test_every_value_and_key_knows_its_place() -> None:
    (document,) = read_yaml("services:\n  web:\n    ports: [80, '443']\n", "/p/c.yaml")
    assert isinstance(document, Mapping)
    services = document.entries["services"]
    assert isinstance(services, Mapping)
    assert services.keys["web"][1:] == (2, 3, 2, 6)
    web = services.entries["web"]
    assert isinstance(web, Mapping)
    ports = web.entries["ports"]
    assert isinstance(ports, Sequence)
    assert ports.span[1:] == (3, 12, 3, 23)
    assert [item.span[1:] for item in ports.items] == [(3, 13, 3, 15), (3, 17, 3, 22)]
    assert document.span[1:] == (1, 1, 3, 23)


def test_places_are_true_after_keys_without_values_in_brackets() -> None:
    (document,) = read_yaml("\ufeffa: [b:,c:,\n  d:,e]\n", "/p/compose.yaml")
    assert isinstance(document, Mapping)
    items = document.entries["a"]
    assert isinstance(items, Sequence)
    places = [(one.span.line, one.span.column, one.span.end_column) for one in items.items]
    assert places == [(1, 5, 7), (1, 8, 10), (2, 3, 5), (2, 6, 7)]


def test_tags_of_merging_stay_on_the_nodes() -> None:
    (document,) = read_yaml("a: !reset null\nb: !override [x]\nc: 1\n", "/p/c.yaml")
    assert isinstance(document, Mapping)
    assert [document.entries[key].tag for key in "abc"] == ["!reset", "!override", ""]


def test_documents_are_told_apart() -> None:
    assert [plain(d) for d in read_yaml("a: 1\n---\nb: 2\n", "/p/c.yaml")] == [{"a": 1}, {"b": 2}]
    assert read_yaml("", "/p/c.yaml") == []
    assert read_yaml("# nothing\n", "/p/c.yaml") == []


def test_a_dropped_entry_is_not_mistaken_for_another() -> None:
    (document,) = read_yaml("[" + "<<, [<<, 1], " * 500 + "z]", "/p/c.yaml")
    assert isinstance(document, Sequence)
    assert len(document.items) == 501
    assert isinstance(document.items[-1], Scalar)
