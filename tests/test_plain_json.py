"""JSON is read as `json` reads it, and refused with the same words."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootready.plain_json import loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_every_value_is_read_alike(value: object, as_ascii: bool, encoding: str) -> None:
    written = json.dumps(value, ensure_ascii=as_ascii, indent=1)
    assert loads(f" \n{written}\t\r\n") == value
    raw = written.encode(encoding, "surrogatepass")
    assert loads(raw) == json.loads(raw) == value


@given(st.text(alphabet='{}[]",:0123456789.eE+-truefalsnNaIity \n\\u\x01\ufeff', max_size=20))
def test_what_is_no_json_is_refused_alike(text: str) -> None:
    assert told_by(loads, text) == told_by(json.loads, text)


def told_by(read: Callable[[str], object], text: str) -> str:
    """Return what `read` makes of `text`, or says about it."""
    try:
        return repr(read(text))
    except ValueError as error:
        return str(error)


def test_what_is_too_deep_is_refused() -> None:
    with pytest.raises(RecursionError):
        loads("[" * 200_000)
