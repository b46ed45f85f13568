"""What is not compiled for a text without certain words would not match there."""

import importlib
import pkgutil
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bootready
from bootready.regex import GuardedPattern, regex

ASCII = st.characters(max_codepoint=127)
SKIPPED = ("bootready.__main__", "bootready.lsp", "bootready.mcp", "bootready.page")


def patterns():
    """Yield every expression with needs, by the name that it has."""
    for module in pkgutil.walk_packages(bootready.__path__, "bootready."):
        if module.name.startswith(SKIPPED):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            rows = value if isinstance(value, tuple) else (value,)
            cells = [cell for row in rows for cell in (row if type(row) is tuple else (row,))]
            for number, one in enumerate(
                cell for cell in cells if isinstance(cell, GuardedPattern)
            ):
                yield pytest.param(one, id=f"{module.name}.{name}[{number}]")


@pytest.mark.parametrize("pattern", [*patterns()])
def test_whatever_matches_has_one_of_its_words(pattern):
    whole = re.compile(*pattern._of)

    @settings(max_examples=10, deadline=None, derandomize=True, database=None)
    @given(st.from_regex(whole, alphabet=ASCII))
    def holds(text):
        assert pattern.search(text) is not None

    holds()


def test_a_text_without_the_words_compiles_nothing():
    broken = regex("(", needs=("word",))
    assert broken.search("a text") is None
    assert broken.fullmatch("a text") is None
    assert [*broken.finditer("a text")] == []
    with pytest.raises(Exception, match="unterminated"):
        broken.search("a WORD")


def test_letters_of_other_scripts_are_compiled_for():
    pattern = regex("mask", 2, needs=("mask",))
    assert pattern.search("MA\u017f\u212a") is not None
