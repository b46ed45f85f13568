"""A time as an engine writes it is read as `datetime` reads it."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bootready.engine.moment import parse_time

ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=ZONES))
def test_every_time_is_read(time: datetime) -> None:
    assume(1 < time.year < 9999)
    assert parse_time(time.isoformat()) == pytest.approx(time.timestamp(), abs=1e-4)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0.0),
        ("2026-11-24T10:20:30.123456789Z", 1795515630.123456789),
        ("2026-11-24T10:20:30+02:00", 1795508430.0),
        ("2026-11-24T10:20:30.5-00:30", 1795517430.5),
        ("0001-01-01T00:00:00Z", 0.0),
        ("", 0.0),
        ("2026-11-24", 0.0),
        ("2026-11-24T10:20:30", 0.0),
        ("2026-11-24T10:20:30.Z", 0.0),
        ("2026-11-24T10:20:30+2", 0.0),
        ("2026-11-24T10:20:30~02:00", 0.0),
        ("2026-1-24T10:20:30Z", 0.0),
        ("٢٠٢٦-11-24T10:20:30Z", 0.0),
    ],
)
def test_what_engines_write(written: str, seconds: float) -> None:
    assert parse_time(written) == seconds
