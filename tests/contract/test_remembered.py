"""Answers that are kept: asked once, and never more of them than was said."""

import pytest

from bootready.remembered import remembered


def test_a_function_is_asked_once_until_too_much_is_kept() -> None:
    asked: list[str] = []

    @remembered(2)
    def shout(text: str) -> str:
        """Say it aloud."""
        asked.append(text)
        return text.upper()

    assert [shout(text) for text in "aabba"] == list("AABBA")
    assert asked == ["a", "b"]
    assert [shout(text) for text in "ca"] == ["C", "A"]
    assert asked == ["a", "b", "c", "a"]
    assert (shout.__name__, shout.__doc__) == ("shout", "Say it aloud.")


def test_an_error_is_not_kept() -> None:
    asked: list[str] = []

    @remembered(2)
    def number(text: str) -> int:
        asked.append(text)
        return int(text)

    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            number("x")
    assert asked == ["x", "x"]
