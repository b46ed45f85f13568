"""A string that a project chose -> nothing in it that a terminal or a CI log obeys."""

import json

import pytest

from bootready.model.printable import printable, printable_json, printable_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web", "web"),
        ("한국어", "한국어"),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\n::error::x", r"a\n::error::x"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2028b\x9bc\x7f", r"a\u2028b\x9bc\x7f"),
        ("a\udcffb", r"a\udcffb"),
        ("a\u200bb", r"a\u200bb"),
        ("  ::stop-commands::x", r"  \x3a:stop-commands::x"),
        ("::1", "::1"),
        ("x ##vso[task.x]", r"x #\x23vso[task.x]"),
        ("##[add-mask]x", r"#\x23[add-mask]x"),
    ],
)
def test_what_a_screen_would_obey_is_shown(text, shown):
    assert printable(text) == shown


def test_lines_stay_lines_and_each_is_safe():
    assert printable_lines("a\n::error::b\x1b") == "a\n\\x3a:error::b\\x1b"


def test_json_keeps_its_values():
    value = {"a": "한\u202e\U000e0041\udcff\x9b"}
    text = printable_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert not {"\u202e", "\U000e0041", "\udcff", "\x9b"} & set(text)
