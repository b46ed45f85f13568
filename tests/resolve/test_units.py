"""Units: what Go reads and prints, Python must too."""

from __future__ import annotations

import pytest

from bootready.resolve.typed.units import (
    read_boolean,
    read_bytes,
    read_duration,
    read_float,
    read_integer,
    show_duration,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0", "0s"),
        ("90s", "1m30s"),
        ("1.5h", "1h30m0s"),
        ("1d", "24h0m0s"),
        ("1w2d", "216h0m0s"),
        ("100ms", "100ms"),
        ("1500us", "1.5ms"),
        ("1ns", "1ns"),
        ("-1m", "-1m0s"),
        ("+3s", "3s"),
        (".5s", "500ms"),
        ("1.s", "1s"),
        ("1h1h", "2h0m0s"),
        ("1.000000001s", "1.000000001s"),
    ],
)
def test_durations_are_printed_as_compose_prints_them(text, shown):
    assert show_duration(read_duration(text)) == shown


@pytest.mark.parametrize("text", ["", "-", "30", "s", "1x", "1 s", ".s", "1s ", "10000000000h"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match=r"duration|unit"):
        read_duration(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1k", 1024),
        ("1.5g", 1610612736),
        ("512MB", 512 << 20),
        ("1KiB", 1024),
        ("1 kb", 1024),
        ("10b", 10),
        ("-1", -1),
        ("0.5k", 512),
        ("007", 7),
        ("1e3k", 1024000),
    ],
)
def test_sizes(text, size):
    assert read_bytes(text) == size


@pytest.mark.parametrize("text", ["", "x", "1x", "-1k", "1kib2", "1bb", "1kbb", "1  k"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match=r"size|number|negative"):
        read_bytes(text)


@pytest.mark.parametrize("text", ["", "1_000", " 1", "1.0", "0x1", "99999999999999999999"])
def test_what_is_no_integer_is_refused(text):
    with pytest.raises(ValueError, match="integer"):
        read_integer(text)


@pytest.mark.parametrize("text", ["", "1_0", "1 ", "0x1", "1e999", "a"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="number"):
        read_float(text)


def test_booleans_are_words_in_any_case():
    assert [read_boolean(word) for word in ("Yes", "ON", "false", "n")] == [
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(ValueError, match="true or false"):
        read_boolean("1")
